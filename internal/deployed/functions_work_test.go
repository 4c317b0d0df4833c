package deployed_test

import (
	"fmt"
	"html"
	"regexp"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// workOfProcess meets what clients and other workers leave behind.
func (s *site) workOfProcess() {
	u := s.user("cem", false)
	s.strays("ProcessQueue", u, picture(s.t, "process"))
	id := u.upload(avif(s.t)) // handed over
	u.ends(id, gallery.Ready)
}

func (s *site) workOfHeif() {
	s.strays("HeifQueue", s.user("dan", false), avif(s.t))
}

// strays are objects without a record, records without an object, and a picture that has killed all its workers.
func (s *site) strays(queue string, u user, path string) {
	t, q := s.t, s.queue(queue)
	unknown := gallery.New(u.owner, "01890000-0000-7000-8000-00000000dead", gallery.Upload{}, time.Now())
	if err := q.Requeue(t.Context(), u.owner, unknown.ID); err != nil {
		t.Fatal(err)
	}
	id := u.upload(path)
	ready := u.ends(id, gallery.Ready)
	s.change(u.owner, id, func(i *gallery.Image) {
		i.Status, i.Attempt, i.LeaseUntil = gallery.Processing, gallery.MaxAttempts, time.Time{}
		i.Deadline, i.Renditions = time.Now().Add(time.Hour), nil
	})
	if err := q.Requeue(t.Context(), u.owner, id); err != nil {
		t.Fatal(err)
	}
	if i := u.ends(id, gallery.Failed); i.Failure != gallery.TimedOut || len(ready.Renditions) == 0 {
		t.Errorf("got %s with %d renditions before", i.Failure, len(ready.Renditions))
	}
	lost := u.announced("lost-" + queue)
	s.change(u.owner, lost, func(i *gallery.Image) {
		i.Status, i.LeaseUntil, i.Deadline = gallery.Processing, time.Time{}, time.Now().Add(time.Hour)
	})
	if err := q.Requeue(t.Context(), u.owner, lost); err != nil {
		t.Fatal(err)
	}
	u.ends(lost, gallery.Failed)
}

// workOfSweep finds an upload that never came, one whose event was lost, and a version that the feed has missed. Purged
// images and a job are everybody's.
func (s *site) workOfSweep() {
	u := s.user("eve", false)
	never, unheard, missed := u.announced("never"), u.announced("unheard"), u.upload(picture(s.t, "missed"))
	u.ends(missed, gallery.Ready)
	overdue := func(i *gallery.Image) { i.Deadline = time.Now().Add(-time.Minute) }
	s.change(u.owner, unheard, func(i *gallery.Image) { i.Status = gallery.Processing; overdue(i) })
	s.change(u.owner, never, overdue)
	s.change(u.owner, missed, func(i *gallery.Image) { i.UpdatedAt = time.Now().Add(-time.Hour) })
	parts := u.partial()
	s.change(u.owner, parts, overdue)
	db := dynamodb.Open(s.Cloud.AWS(s.Cloud.Endpoints.DynamoDB))
	if err := (dynamodb.Agenda{DB: db, Tables: s.Tables()}).SaveRound(s.t.Context(), gallery.Round{}); err != nil {
		s.t.Fatal(err)
	}
	s.user("hal", false).leaves()
	s.eventually("the sweeper to end what is due", func() error {
		s.sweep()
		for _, id := range []gallery.ID{never, unheard, parts} {
			if i, err := s.images().Record(s.t.Context(), u.owner, id); err != nil || i.Status != gallery.Failed {
				return fmt.Errorf("%s is %s, %v", id, i.Status, err)
			}
		}
		return nil
	})
}

// workOfShare opens a link, and what it shows.
func (s *site) workOfShare() {
	u := s.user("gus", false)
	id := u.upload(picture(s.t, "shared"))
	u.ends(id, gallery.Ready)
	page := s.get(s.Cloud.Endpoints.API + "/s/" + u.share(id))
	shown := regexp.MustCompile(`"(http://[^"]+renditions/[^"]+)"`).FindStringSubmatch(html.UnescapeString(page))
	if shown == nil {
		s.t.Fatalf("got %.2000s", page)
	}
	s.get(shown[1])
}

// workOfAuth is the three questions of the user pool.
func (s *site) workOfAuth() {
	const sub = "8b1c2d3e-0000-4000-8000-000000000009"
	header := events.CognitoEventUserPoolsHeader{Version: "1", Region: "us-east-1", UserPoolID: s.Names["UserPool"], UserName: sub}
	for _, source := range []string{"PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", "PreAuthentication_Authentication"} {
		header.TriggerSource = source
		e := events.CognitoEventUserPoolsPostConfirmation{CognitoEventUserPoolsHeader: header}
		e.Request.UserAttributes = map[string]string{"sub": sub, "email": "fay@example.com"}
		if answer, err := s.invoke("auth", e); err != nil {
			s.t.Errorf("%s: %s, %v", source, answer, err)
		}
	}
}
