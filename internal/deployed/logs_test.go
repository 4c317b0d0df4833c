package deployed_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/serverless"
)

// follows are the functions that have to do with images, and what makes each say something of one, which is answered.
var follows = map[string]func(*site, user, gallery.ID) gallery.ID{
	"graphql": uploaded,
	"process": uploaded,
	"publish": uploaded,
	"field": func(s *site, _ user, _ gallery.ID) gallery.ID {
		return s.user("field", true).upload(picture(s.t, "field"))
	},
	"heif": func(s *site, u user, _ gallery.ID) gallery.ID { return u.upload(avif(s.t)) },
	"share": func(s *site, u user, id gallery.ID) gallery.ID {
		s.get(s.Cloud.Endpoints.API + "/s/" + u.share(id))
		return id
	},
	"sweep": func(s *site, u user, _ gallery.ID) gallery.ID {
		id := u.announced("never")
		s.change(u.owner, id, func(i *gallery.Image) { i.Deadline = time.Now().Add(-time.Minute) })
		s.sweep()
		return id
	},
}

// strangers have to do with users only.
var strangers = []string{"auth"}

func uploaded(_ *site, _ user, id gallery.ID) gallery.ID { return id }

// TestTheSavedQueryFindsAnImageInEveryFunctionsLog: the lines are found by the field `image`, which is what an index over
// fields would be of, and each says of which request it is and what came of it.
func TestTheSavedQueryFindsAnImageInEveryFunctionsLog(t *testing.T) {
	s := deploy(t, nil)
	groups := s.queried()
	u := s.user("ann", false)
	id := u.upload(picture(t, "followed"))
	u.ends(id, gallery.Ready)
	for _, fn := range s.File.Functions() {
		if !slices.Contains(groups, "/aws/lambda/"+fn.Name) {
			t.Errorf("the saved query does not look into the log of %s", fn.Name)
		}
		make, known := follows[fn.Name]
		if !known {
			if !slices.Contains(strangers, fn.Name) {
				t.Errorf("function %s: nothing here makes it tell of an image: give it a row in follows", fn.Name)
			}
			continue
		}
		image := make(s, u, id)
		s.eventually(fn.Name+" to tell of "+string(image), func() error {
			for _, r := range s.said.records(fn.Name) {
				if r["image"] == string(image) && text(r["request"]) && text(r["outcome"]) {
					return nil
				}
			}
			return fmt.Errorf("no line of it has image, request and outcome:\n%s", strings.Join(s.said.lines(fn.Name), "\n"))
		})
	}
	for function := range s.Functions {
		for _, line := range s.said.lines(function) {
			if line != "" && !strings.HasPrefix(line, "{") {
				t.Errorf("%s printed what is no JSON: %s", function, line)
			}
		}
	}
}

func text(v any) bool { s, ok := v.(string); return ok && s != "" }

// queried are the log groups of the saved query, whose filter must be about the field.
func (s *site) queried() []string {
	s.t.Helper()
	query := s.File.Resource("ImageQuery")
	if q, _ := serverless.At(query, "Properties", "QueryString").(string); !regexp.MustCompile(`\| filter image = "IMAGE"`).MatchString(q) {
		s.t.Errorf("the query is %q", q)
	}
	var groups []string
	all, _ := serverless.At(query, "Properties", "LogGroupNames").([]any)
	for _, g := range all {
		name, err := s.File.Text(g, s.Names)
		if err != nil {
			s.t.Fatal(err)
		}
		groups = append(groups, name)
	}
	return groups
}

// TestMetricsAreInTheLog: what the alarms and the dashboard look at is said, with the name of the function.
func TestMetricsAreInTheLog(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	u.ends(u.upload(picture(t, "measured")), gallery.Ready)
	u.ends(u.upload(avif(t)), gallery.Ready)
	s.sweep()
	for function, names := range map[string][]string{
		"process": {"ClaimMilliseconds", "ReadMilliseconds", "DevelopMilliseconds", "StoreMilliseconds", "Milliseconds", "Ready"},
		"heif":    {"DevelopMilliseconds", "Ready"},
		"publish": {"Events", "NumberMilliseconds", "AnnounceMilliseconds"},
		"sweep":   {"OldestUnfinishedSeconds"},
	} {
		for _, name := range names {
			s.eventually(function+" to say "+name, func() error {
				for _, r := range s.said.records(function) {
					if _, there := r[name].(float64); there && r["_aws"] != nil && r["FunctionName"] == function {
						return nil
					}
				}
				return fmt.Errorf("it said %s", strings.Join(s.said.lines(function), "\n"))
			})
		}
	}
}
