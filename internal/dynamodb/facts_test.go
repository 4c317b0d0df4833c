package dynamodb

import (
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/gallery"
)

// whole has everything that there is to know about a picture.
func whole() gallery.Facts {
	offset, direction, altitude := 60, 0.0, 12.5
	return gallery.Facts{
		Format: "jpeg", Width: 6000, Height: 4000, Frames: 1, Profile: "Display P3", Placeholder: "1QcS",
		Capture: gallery.Capture{
			TakenAt: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), Offset: &offset, Make: "Nikon", Model: "Z 8", Lens: "50mm",
			Exposure: 0.004, Aperture: 1.8, ISO: 64, FocalLength: 50, Direction: &direction, Orientation: 6, FlashFired: true,
			SoftwareName: "1.0", Location: &gallery.Location{Latitude: -33.5, Longitude: 151.25, Altitude: &altitude},
		},
		Description: gallery.Description{Title: "<a>", Caption: "ü", Copyright: "c", Keywords: []string{"k"}, Rating: -1},
		Looks:       gallery.Looks{Colours: []string{"#aabbcc"}, Hash: "00ff", Sharpness: 0.5, Exposure: 0.25, Quality: 1},
	}
}

// TestFactsAreStoredAsTheyAlwaysWere fails when a name in gallery changes: it is also the name in people's tables.
func TestFactsAreStoredAsTheyAlwaysWere(t *testing.T) {
	const stored = `{"Format":"jpeg","Width":6000,"Height":4000,"Frames":1,"Profile":"Display P3","Placeholder":"1QcS",` +
		`"Capture":{"TakenAt":"2026-11-23T11:00:00Z","Offset":60,"Make":"Nikon","Model":"Z 8","Lens":"50mm","Exposure":0.004,` +
		`"Aperture":1.8,"ISO":64,"FocalLength":50,"Location":{"Latitude":-33.5,"Longitude":151.25,"Altitude":12.5},` +
		`"Direction":0,"Orientation":6,"FlashFired":true,"SoftwareName":"1.0"},` +
		`"Description":{"Title":"<a>","Caption":"ü","Copyright":"c","Keywords":["k"],"Rating":-1},` +
		`"Looks":{"Colours":["#aabbcc"],"Hash":"00ff","Sharpness":0.5,"Exposure":0.25,"Quality":1}}`
	text, err := facts(whole()).MarshalText()
	if err != nil || string(text) != stored {
		t.Errorf("got %s, %v\nwant %s", text, err, stored)
	}
	var got facts
	if err := got.UnmarshalDynamo(&types.AttributeValueMemberS{Value: stored}); err != nil || !reflect.DeepEqual(gallery.Facts(got), whole()) {
		t.Errorf("got %+v, %v", got, err)
	}
	if !(facts{}).IsZero() || facts(whole()).IsZero() {
		t.Error("no facts are stored, or facts are not")
	}
}

func TestFactsThatAreNoneAreRefused(t *testing.T) {
	for _, text := range []string{"", "null x", "[]", `{"Width":"wide"}`, `{"Width":1e40}`} {
		var f facts
		if err := f.UnmarshalDynamo(&types.AttributeValueMemberS{Value: text}); err == nil {
			t.Errorf("%q: got %+v", text, f)
		}
	}
}
