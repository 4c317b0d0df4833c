package dynamodb

import (
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
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

// TestFactsAreStoredAsTheyAlwaysWere fails when a name changes: it is also the name in people's tables.
func TestFactsAreStoredAsTheyAlwaysWere(t *testing.T) {
	const stored = "Format=jpeg&Width=6000&Height=4000&Frames=1&Profile=Display%20P3&Placeholder=1QcS&TakenAt=2026-11-23T11:00:00Z" +
		"&Offset=60&Make=Nikon&Model=Z%208&Lens=50mm&ExposureTime=0.004&Aperture=1.8&ISO=64&FocalLength=50&Location=-33.5,151.25,12.5" +
		"&Direction=0&Orientation=6&FlashFired=true&SoftwareName=1.0&Title=%3Ca%3E&Caption=%C3%BC&Copyright=c&Keyword=k&Rating=-1" +
		"&Colour=#aabbcc&Hash=00ff&Sharpness=0.5&Exposure=0.25&Quality=1"
	text, err := facts(whole()).MarshalText()
	if err != nil || string(text) != stored {
		t.Errorf("got %s, %v\nwant %s", text, err, stored)
	}
	if !(facts{}).IsZero() || facts(whole()).IsZero() {
		t.Error("no facts are stored, or facts are not")
	}
}

// TestFactsAreReadInAllFormsTheyWereEverStored holds JSON and maps to the form of today.
func TestFactsAreReadInAllFormsTheyWereEverStored(t *testing.T) {
	const json = `{"Format":"jpeg","Width":6000,"Height":4000,"Frames":1,"Profile":"Display P3","Placeholder":"1QcS",` +
		`"Capture":{"TakenAt":"2026-11-23T11:00:00Z","Offset":60,"Make":"Nikon","Model":"Z 8","Lens":"50mm","Exposure":0.004,` +
		`"Aperture":1.8,"ISO":64,"FocalLength":50,"Location":{"Latitude":-33.5,"Longitude":151.25,"Altitude":12.5},` +
		`"Direction":0,"Orientation":6,"FlashFired":true,"SoftwareName":"1.0"},` +
		`"Description":{"Title":"<a>","Caption":"ü","Copyright":"c","Keywords":["k"],"Rating":-1},` +
		`"Looks":{"Colours":["#aabbcc"],"Hash":"00ff","Sharpness":0.5,"Exposure":0.25,"Quality":1}}`
	form, err := facts(whole()).MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	otherwise := strings.Split(string(form), "&")
	slices.Reverse(otherwise)
	maps, err := attributevalue.Marshal(whole())
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range map[string]types.AttributeValue{
		"a form": &types.AttributeValueMemberS{Value: string(form)}, "JSON": &types.AttributeValueMemberS{Value: json}, "maps": maps,
		"another order": &types.AttributeValueMemberS{Value: strings.Join(otherwise, "&")},
		"a newer form":  &types.AttributeValueMemberS{Value: string(form) + "&Mood=blue"},
	} {
		var got facts
		if err := got.UnmarshalDynamo(stored); err != nil || !reflect.DeepEqual(gallery.Facts(got), whole()) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// TestEveryFactIsStored goes through gallery.Facts, so that none that is new there is forgotten here.
func TestEveryFactIsStored(t *testing.T) {
	for path, v := range leaves("", reflect.ValueOf(whole())) {
		if v.IsZero() && v.Kind() != reflect.Pointer {
			t.Errorf("give whole() a %s", path)
		}
	}
	form, _ := facts(whole()).MarshalText()
	var got facts
	if err := got.readForm(string(form)); err != nil || !reflect.DeepEqual(gallery.Facts(got), whole()) {
		t.Errorf("got %+v, %v of %s", got, err, form)
	}
}

// leaves are the fields of a struct that are no structs themselves.
func leaves(path string, v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for n := range v.NumField() {
			name, f := path+"."+v.Type().Field(n).Name, v.Field(n)
			if _, isTime := f.Interface().(time.Time); f.Kind() != reflect.Struct || isTime {
				if !yield(name, f) {
					return
				}
				continue
			}
			for inner, leaf := range leaves(name, f) {
				if !yield(inner, leaf) {
					return
				}
			}
		}
	}
}

func TestFactsThatAreNoneAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "null x", "[]", `{"Width":"wide"}`, `{"Width":1e40}`, "Width=wide", "Width=1e40", "Width", "Format=%zz", "TakenAt=now",
		"Location=1", "Location=1,2,3,4", "Location=a,b", "FlashFired=perhaps", "Offset=x", "Format=jpeg&",
	} {
		var f facts
		if err := f.UnmarshalDynamo(&types.AttributeValueMemberS{Value: text}); err == nil {
			t.Errorf("%q: got %+v", text, f)
		}
	}
}

// FuzzFacts reads what was written, whatever it is.
func FuzzFacts(f *testing.F) {
	f.Add("a&b=c%+;ü\xff", "\n", 1.5, -7, int64(1764158400123456789))
	f.Fuzz(func(t *testing.T, caption, keyword string, number float64, whole int, nanoseconds int64) {
		want := gallery.Facts{
			Width: whole, Description: gallery.Description{Caption: caption, Keywords: []string{keyword, caption}},
			Capture: gallery.Capture{TakenAt: time.Unix(0, nanoseconds).UTC(), Offset: &whole, Location: &gallery.Location{Latitude: number}},
		}
		form, err := facts(want).MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got facts
		if err := got.readForm(string(form)); err != nil {
			t.Fatalf("%v of %s", err, form)
		}
		if number == number && !reflect.DeepEqual(gallery.Facts(got), want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	})
}
