package meta

import (
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// packet is XMP that describes a picture.
func packet(properties string) string {
	return `<?xpacket begin="` + "\ufeff" + `"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
		<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
		xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">` + properties +
		`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

func alternatives(name string, items ...string) string {
	return "<" + name + "><rdf:Alt>" + strings.Join(items, "") + "</rdf:Alt></" + name + ">"
}

// dataset is one of IPTC's.
func dataset(number byte, value string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x1c, 2, number}, uint16(len(value))), value...)
}

func windows(tag uint16, s string) field {
	var b []byte
	for _, u := range utf16.Encode([]rune(s + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return field{tag, ifd.Byte, len(b), b}
}

func TestXMPIsReadAsEditorsWriteIt(t *testing.T) {
	got := readXMP([]byte(packet(
		alternatives("dc:title", `<rdf:li xml:lang="de">Ente</rdf:li>`, `<rdf:li xml:lang="x-default">Duck &amp; co</rdf:li>`) +
			alternatives("dc:description", `<rdf:li xml:lang="x-default">On a pond</rdf:li>`, `<rdf:li xml:lang="de">Im Teich</rdf:li>`) +
			`<dc:subject><rdf:Bag><rdf:li>duck</rdf:li><rdf:li>pond</rdf:li></rdf:Bag></dc:subject>` +
			`<dc:rights>© Ann</dc:rights><xmp:Rating>4</xmp:Rating>` +
			`<xmp:Within><rdf:Description><dc:title>not the picture's</dc:title></rdf:Description></xmp:Within>`)))
	want := gallery.Description{Title: "Duck & co", Caption: "On a pond", Copyright: "© Ann", Keywords: []string{"duck", "pond"}, Rating: 4}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	short := strings.Replace(packet(""), `rdf:about=""`, `rdf:about="" xmp:Rating="-1" dc:rights="Ben"`, 1)
	if got := readXMP([]byte(short)); got.Rating != -1 || got.Copyright != "Ben" {
		t.Errorf("as attributes: got %+v", got)
	}
}

func TestIPTCIsFoundAmongPhotoshopsResources(t *testing.T) {
	sets := append(dataset(5, "Café"), dataset(120, "Caf\xe9 \x80")...) // UTF-8, and Windows' letters
	sets = append(append(sets, dataset(25, "a")...), dataset(25, "b")...)
	resource := func(id uint16, name string, data []byte) []byte {
		b := binary.BigEndian.AppendUint16([]byte("8BIM"), id)
		b = append(append(b, byte(len(name))), name...)
		b = append(b, make([]byte, len(b)&1)...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(data))), data...)
		return append(b, make([]byte, len(data)&1)...)
	}
	file := append(resource(0x03ed, "", []byte("odd")), resource(0x0404, "name", sets)...)
	got := readIPTC(IPTC(file))
	want := gallery.Description{Title: "Café", Caption: "Café €", Keywords: []string{"a", "b"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	for n := range file {
		readIPTC(IPTC(file[:n])) // a file cut anywhere
	}
}

func TestXMPGoesBeforeIPTCAndIPTCBeforeEXIF(t *testing.T) {
	const rating = 0x4746
	exif := exifBlock([]field{
		windows(tagXPTitle, "of EXIF"), text(tagDescription, "of EXIF"), text(tagCopyright, " \x00the editor"),
		windows(tagXPKeywords, "x;;y; x "), short(rating, 5),
	}, nil, nil)
	iptc := append(dataset(5, "of IPTC"), dataset(120, "of IPTC")...)
	xmp := []byte(packet("<dc:title>of XMP</dc:title>"))
	got := Blocks{EXIF: exif, IPTC: iptc, XMP: xmp}.Description()
	want := gallery.Description{Title: "of XMP", Caption: "of IPTC", Copyright: "the editor", Keywords: []string{"x", "y"}, Rating: 5}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestHostileXMPIsReadQuicklyOrNotAtAll(t *testing.T) {
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>`
	start := time.Now()
	for name, xmp := range map[string]string{
		"a bomb of entities":  bomb + packet("<dc:title>&c;</dc:title>"),
		"a foreign entity":    `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + packet("<dc:title>&a;</dc:title>"),
		"depth":               packet(strings.Repeat("<a>", 300_000)),
		"width":               packet(strings.Repeat("<a/>", 200_000) + "<dc:title>late</dc:title>"),
		"size":                packet(strings.Repeat(" ", 2<<20) + "<dc:title>late</dc:title>"),
		"an end without one":  "</a></a>",
		"not XML":             "\x00\xff<<<>>>",
		"another encoding":    `<?xml version="1.0" encoding="UTF-16"?>` + packet("<dc:title>x</dc:title>"),
		"a rating of nothing": packet("<xmp:Rating>NaN</xmp:Rating>"),
		"a rating of much":    packet("<xmp:Rating>1e300</xmp:Rating>"),
	} {
		if got := (Blocks{XMP: []byte(xmp)}).Description(); !reflect.DeepEqual(got, gallery.Description{}) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	many := Blocks{XMP: []byte(packet("<dc:subject><rdf:Bag>" + strings.Repeat("<rdf:li>k</rdf:li>", 9_000) + "</rdf:Bag></dc:subject>"))}
	if got := many.Description().Keywords; !reflect.DeepEqual(got, []string{"k"}) {
		t.Errorf("a word nine thousand times: got %q", got)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
