package deployed_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/deployed"
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
	s.comes(patient, func() bool { return len(s.leftOver()) == 0 })
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
	case <-time.After(30 * time.Second): // alone after all
	}
}
