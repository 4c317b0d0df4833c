package deployed_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/deployed"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local/iam"
	"github.com/darkroom/darkroom/internal/serverless"
)

// works are what makes each function of serverless.yml use all that its role allows.
var works = map[string]func(*site){
	"graphql": func(s *site) { s.user("ann", false).everything(); s.admin("amy", false).suspends("abe") },
	"field":   func(s *site) { s.user("ben", true).everything(); s.admin("bea", true).suspends("bob") },
	"process": (*site).workOfProcess,
	"heif":    (*site).workOfHeif,
	"publish": func(*site) {}, // all of the others' is told
	"sweep":   (*site).workOfSweep,
	"auth":    (*site).workOfAuth,
	"share":   (*site).workOfShare,
}

// TestEachRoleAllowsWhatItsFunctionDoesAndNothingElse lets every function do everything that it may ever do, through a gate
// that refuses what its role does not allow. Nothing may be refused, and nothing may be left over.
func TestEachRoleAllowsWhatItsFunctionDoesAndNothingElse(t *testing.T) {
	m := &meeting{}
	s := deploy(t, func(o *deployed.Options) { o.Before = m.before })
	s.meeting = m
	for _, fn := range s.File.Functions() {
		work, known := works[fn.Name]
		if !known {
			t.Errorf("function %s: nothing here makes it use its role: give it a row in works", fn.Name)
			continue
		}
		work(s)
	}
	s.comes(10*time.Second, func() bool { return len(s.leftOver()) == 0 })
	for _, complaint := range s.leftOver() {
		t.Error(complaint)
	}
	for _, fn := range s.File.Functions() {
		role := s.Roles[fn.Name]
		if refused := role.Refused(); len(refused) > 0 {
			t.Errorf("%s tried, and may not:\n\t%s\nAdd it to %s in serverless.yml.", fn.Name, strings.Join(refused, "\n\t"), fn.Role)
		}
		for _, own := range s.lambdasOwn(fn) {
			if !slices.Contains(role.Unused(), own) {
				t.Errorf("%s needs, for Lambda itself: %s. Add it to %s in serverless.yml.", fn.Name, own, fn.Role)
			}
		}
	}
}

// TestWithAKeyTheLinksAreCloudFronts: then the signing functions read the key, and may.
func TestWithAKeyTheLinksAreCloudFronts(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	s := deploy(t, func(o *deployed.Options) { o.Key = text })
	for name, appsyncOnly := range map[string]bool{"graphql": false, "field": true} {
		u := s.user(name, appsyncOnly)
		id := u.upload(picture(t, name))
		u.ends(id, gallery.Ready)
		data, failed := u.ask(fmt.Sprintf(`{ image(id: %q) { renditions { url } } }`, id))
		if links := urls(data); failed != "" || len(links) == 0 || !strings.HasPrefix(links[0], "https://"+s.Names["Distribution.DomainName"]+"/") {
			t.Errorf("%s: got %s %s", name, data, failed)
		}
		role := s.Roles[name]
		if unused := strings.Join(role.Unused(), "\n"); strings.Contains(unused, "ssm:") || len(role.Refused()) > 0 {
			t.Errorf("%s: refused %v, unused %s", name, role.Refused(), unused)
		}
	}
}

// leftOver says of each function what it may do and did not.
func (s *site) leftOver() []string {
	var all []string
	for _, fn := range s.File.Functions() {
		if left := without(s.Roles[fn.Name].Unused(), s.lambdasOwn(fn)); len(left) > 0 {
			all = append(all, fmt.Sprintf("%s may, and did not:\n\t%s\nLet it, in works, or take it from %s in serverless.yml.",
				fn.Name, strings.Join(left, "\n\t"), fn.Role))
		}
	}
	return all
}

// lambdasOwn lists what no binary does and each role needs all the same, since Lambda does it in the function's name: it
// writes the log, polls the event sources, and sends away what it gives up. Here the small cloud does these without asking.
// (docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html and services-ddb.html, execution role permissions.)
func (s *site) lambdasOwn(fn serverless.Function) []string {
	var all []string
	add := func(sid string, resource any, actions ...string) {
		s.t.Helper()
		text, err := s.File.Text(resource, s.Names)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, a := range actions {
			all = append(all, fmt.Sprintf("%s on %s (statement %s)", a, text, sid))
		}
	}
	title := strings.ToUpper(fn.Name[:1]) + fn.Name[1:]
	add("Log", serverless.Call{Function: "GetAtt", Argument: title + "LogGroup.Arn"}, "logs:CreateLogStream", "logs:PutLogEvents")
	for _, e := range fn.Events {
		switch e.Kind {
		case "sqs":
			add("Poll", e.At("arn"), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
		case "stream":
			add("Poll", e.At("arn"), "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
			if dead := e.At("destinations", "onFailure", "arn"); dead != nil {
				add("GiveUp", dead, "sqs:SendMessage")
			}
		}
	}
	return all
}

func without(all, those []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(those, s) })
}

// meeting lets two calls about the same thing be under way at once: the first waits for the second.
type meeting struct {
	mu       sync.Mutex
	waitsFor string // part of the resource
	first    chan struct{}
}

func (m *meeting) arrange(resource string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waitsFor, m.first = resource, nil
}

func (m *meeting) before(_ string, c iam.Call) {
	m.mu.Lock()
	if m.waitsFor == "" || c.Action != "s3:PutObject" || !strings.Contains(c.Resource, m.waitsFor) {
		m.mu.Unlock()
		return
	}
	if m.first != nil {
		close(m.first)
		m.waitsFor, m.first = "", nil
		m.mu.Unlock()
		return
	}
	wait := make(chan struct{})
	m.first = wait
	m.mu.Unlock()
	select {
	case <-wait:
	case <-time.After(10 * time.Second): // alone after all
	}
}

// everything does what a client can do, by one of the endpoints.
func (u user) everything() {
	t, name := u.s.t, string(u.owner)[:8]
	id := u.upload(picture(t, name))
	u.ends(id, gallery.Ready)
	u.upload(picture(t, name)) // again: it is there
	u.fine(`{ me { id usage { bytes } } changes(after: 0) { head events { seq } } }`)
	u.fine(`{ images(first: 20, order: TAKEN) { edges { node { id original { url } renditions { url } } } } }`)
	u.fine(`{ images(first: 20) { edges { node { id } } } }`)
	u.fine(fmt.Sprintf(`{ similarImages(id: %q) { distance image { id } } }`, id))
	u.download(id)
	u.inParts(name)
	u.share(id)
	for _, back := range []gallery.ID{id, u.announced(name + "-later")} { // of the second, work may have been dropped
		u.fine(fmt.Sprintf(`mutation { deleteImage(id: %q) { deletedAt } }`, back))
		u.fine(`{ trash(first: 20) { edges { node { id } } } }`)
		u.fine(fmt.Sprintf(`mutation { restoreImage(id: %q) { deletedAt } }`, back))
	}
	u.reprocess()
	u.ends(id, gallery.Ready)
	u.fine(fmt.Sprintf(`mutation { purgeImage(id: %q) { deletedAt } }`, id))
	u.upload(picture(t, name)) // its place is taken by a new image
	u.s.sweep()
}

// suspends keeps a user out, for a moment.
func (u user) suspends(name string) {
	u.s.t.Helper()
	whom := u.s.user(name, false).owner
	u.fine(fmt.Sprintf(`mutation { suspendUser(user: %q) { suspendedAt } }`, whom))
	u.fine(fmt.Sprintf(`mutation { suspendUser(user: %q, suspended: false) { suspendedAt } }`, whom))
}

// fine sends a request that must not be refused.
func (u user) fine(query string) {
	u.s.t.Helper()
	if data, failed := u.ask(query); failed != "" {
		u.s.t.Errorf("%s:\n%s\n%s", query, failed, data)
	}
}

// download fetches the original and a rendition by their links: what they may do is what their signer may do.
func (u user) download(id gallery.ID) {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`{ image(id: %q) { original { url } renditions { url } } }`, id))
	links := urls(data)
	if failed != "" || len(links) < 2 {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	for _, link := range links {
		u.s.get(link)
	}
}

// inParts sends a picture that is too large for one request, and begins it twice at once.
func (u user) inParts(name string) {
	t := u.s.t
	path := filepath.Join(t.TempDir(), name+".tif")
	if err := os.WriteFile(path, append([]byte("II*\x00"+name), make([]byte, gallery.MaxUploadBytes)...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := client.Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	u.s.meeting.arrange("originals/" + string(u.owner))
	tickets := make([]client.Ticket, 2)
	var both sync.WaitGroup
	for n := range tickets {
		both.Go(func() {
			var err error
			if tickets[n], err = u.CreateUpload(t.Context(), f.Upload); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	id := tickets[0].Image.ID
	if tickets[0].Parts == 0 || tickets[1].Image.ID != id {
		t.Fatalf("got %+v", tickets)
	}
	u.fine(fmt.Sprintf(`{ uploadProgress(id: %q) { bytes } }`, id))
	if err := u.Send(t.Context(), f, tickets[0], func(int64) {}); err != nil {
		t.Fatal(err)
	}
	u.ends(id, gallery.Failed)
	u.partsGone()
}

// partsGone completes an upload whose parts S3 has removed meanwhile.
func (u user) partsGone() {
	t, id := u.s.t, u.partial()
	i, err := u.s.images().Get(t.Context(), u.owner, id)
	if err == nil {
		err = u.s.bucket().AbandonParts(t.Context(), i)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, failed := u.ask(fmt.Sprintf(`mutation { completeUpload(id: %q) { id } }`, id)); !strings.Contains(failed, "Announce the picture again") {
		t.Errorf("got %s", failed)
	}
}

func (u user) reprocess() {
	t := u.s.t
	job, err := u.Reprocess(t.Context(), gallery.Filter{}, false)
	if err != nil {
		t.Fatal(err)
	}
	u.s.sweep() // asks for the images
	if _, err := u.Job(t.Context(), job.ID); err != nil {
		t.Error(err)
	}
	if job, err = u.Reprocess(t.Context(), gallery.Filter{}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := u.CancelJob(t.Context(), job.ID); err != nil {
		t.Error(err)
	}
}

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

// announced makes an image whose bytes are not sent.
func (u user) announced(name string) gallery.ID {
	u.s.t.Helper()
	f, err := client.Inspect(u.s.t.Context(), picture(u.s.t, name))
	if err != nil {
		u.s.t.Fatal(err)
	}
	ticket, err := u.CreateUpload(u.s.t.Context(), f.Upload)
	if err != nil {
		u.s.t.Fatal(err)
	}
	return ticket.Image.ID
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

// leaves has the sweeper remove a user who asked for it, with images, a link, and an upload in parts that somebody has begun
// meanwhile.
func (u user) leaves() {
	s, t := u.s, u.s.t
	id := u.upload(picture(t, "leaving"))
	u.ends(id, gallery.Ready)
	u.share(id)
	u.reprocess() // a job is a record, too
	u.ends(id, gallery.Ready)
	later := gallery.New(u.owner, "01890000-0000-7000-8000-00000000beef", gallery.Upload{ContentType: "image/tiff"}, time.Now())
	if _, err := s.bucket().OpenParts(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	u.fine(fmt.Sprintf(`mutation { deleteAccount(confirm: %q) { images } }`, u.owner))
	s.eventually("a user to be removed", func() error {
		s.sweep()
		for _, r := range s.said.records("sweep") {
			if r["msg"] == "user removed" && r["user"] == string(u.owner) {
				return nil
			}
		}
		return errors.New("not told yet")
	})
}

// partial begins an upload in parts, of which none is sent.
func (u user) partial() gallery.ID {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`mutation { createUpload(filename: "scan.tif", contentType: "image/tiff", bytes: %d, sha256: "%064x") {
		... on UploadParts { image { id } } } }`, gallery.MaxUploadBytes+1, time.Now().UnixNano()))
	_, rest, _ := strings.Cut(data, `"id":"`)
	id, _, ok := strings.Cut(rest, `"`)
	if failed != "" || !ok {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	return gallery.ID(id)
}

// share makes links, lists them, and ends one.
func (u user) share(id gallery.ID) (token string) {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`mutation { shareImage(id: %q) { id url } }`, id))
	links := urls(data)
	if failed != "" || len(links) != 1 {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	u.fine(`{ shares { edges { node { id } } } }`)
	u.fine(fmt.Sprintf(`{ shares(image: %q) { edges { node { id } } } }`, id))
	ended, failed := u.ask(fmt.Sprintf(`mutation { shareImage(id: %q) { id } }`, id))
	if failed != "" {
		u.s.t.Fatal(failed)
	}
	u.fine(fmt.Sprintf(`mutation { revokeShare(id: %q) { id } }`, strings.Split(ended, `"`)[5]))
	return links[0][strings.LastIndex(links[0], "/")+1:]
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
