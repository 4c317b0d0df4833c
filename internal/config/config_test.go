package config_test

import (
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/config"
)

func TestEverythingMissingIsNamedAtOnce(t *testing.T) {
	_, err := config.ReadAPI(func(string) string { return "" })
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"IMAGES_TABLE", "FEED_TABLE", "USERS_TABLE", "UPLOAD_BUCKET", "RENDITION_BUCKET", "PROCESS_QUEUE_URL", "USER_POOL_ID"} {
		if !strings.Contains(err.Error(), name+" is not set") {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
}

func TestADistributionIsNamedWhollyOrNotAtAll(t *testing.T) {
	read := func(missing string) error {
		_, err := config.ReadAPI(func(name string) string {
			if name == missing || name == "S3_PATH_STYLE" || name == "INTROSPECTION" {
				return ""
			}
			return "x"
		})
		return err
	}
	if err := read(""); err != nil {
		t.Errorf("all set: %v", err)
	}
	for _, name := range []string{"RENDITION_URL", "RENDITION_KEY_ID", "RENDITION_KEY_PARAMETER"} {
		if err := read(name); err == nil || err.Error() != name+" is not set" {
			t.Errorf("all but %s: got %v", name, err)
		}
	}
}

func TestValuesAreCheckedNotGuessed(t *testing.T) {
	full := func(override map[string]string) func(string) string {
		return func(name string) string {
			if v, ok := override[name]; ok {
				return v
			}
			if name == "S3_PATH_STYLE" || name == "INTROSPECTION" || name == "MAX_PIXELS" || name == "RENDITIONS" {
				return ""
			}
			return "x"
		}
	}
	for name, c := range map[string]struct {
		env  map[string]string
		fine bool
	}{
		"all set":                 {nil, true},
		"pixels set":              {map[string]string{"MAX_PIXELS": "1000"}, true},
		"pixels not a number":     {map[string]string{"MAX_PIXELS": "many"}, false},
		"pixels negative":         {map[string]string{"MAX_PIXELS": "-1"}, false},
		"renditions set":          {map[string]string{"RENDITIONS": "large=1024:webp"}, true},
		"renditions of no size":   {map[string]string{"RENDITIONS": "large"}, false},
		"path style neither word": {map[string]string{"S3_PATH_STYLE": "yes"}, false},
	} {
		if _, err := config.ReadProcess(full(c.env)); (err == nil) != c.fine {
			t.Errorf("%s: got error %v, want fine=%v", name, err, c.fine)
		}
	}
	if _, err := config.ReadPublish(full(nil)); err != nil {
		t.Error(err)
	}
}

func TestWhoMayJoinMustBeSaid(t *testing.T) {
	for rule, fine := range map[string]bool{"open": true, "@example.com, ann@example.org": true, "": false, "closed": false, "@": false} {
		c, err := config.ReadAuth(func(name string) string {
			return map[string]string{"USERS_TABLE": "users", "SIGN_UP": rule}[name]
		})
		if (err == nil) != fine || c.SignUp.Admits("bob@example.com") != fine {
			t.Errorf("%q: got %+v, %v", rule, c, err)
		}
	}
}
