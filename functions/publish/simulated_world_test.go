package publish_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// weather is what may go wrong in a world.
type weather struct {
	name     string
	faults   bool // calls and answers are lost, invocations die
	disorder bool // later records of a shard are also delivered before earlier ones
}

var weathers = []weather{
	{name: "calm"}, // and yet: every interleaving, redelivery, overlap, batches read in parts
	{name: "stormy", faults: true},
	{name: "disordered", faults: true, disorder: true},
}

// world is one history: owners, their images, the shards that tell of them, and the invocations under way.
type world struct {
	t       *testing.T
	rng     *rand.Rand
	weather weather
	odds    odds
	network *network
	feed    dynamodb.Feed // past the network, for looking
	shards  []*shard
	owners  []gallery.Owner
	images  []*picture
	running []*invocation
	started int
	steps   int
	calm    bool // the driving is over: nothing goes wrong any more

	told map[gallery.Owner][]gallery.Event // announced, or tried to, in order
	seen map[gallery.Owner][]gallery.Event // feeds as read last
}

// picture is an image, known by its versions.
type picture struct {
	owner   gallery.Owner
	id      string
	version int
	shard   *shard
}

func newWorld(t *testing.T, s storage, seed uint64) *world {
	t.Helper()
	w := &world{
		t: t, rng: rand.New(rand.NewPCG(seed, 1)), network: &network{engine: s.engine},
		told: map[gallery.Owner][]gallery.Event{}, seen: map[gallery.Owner][]gallery.Event{},
	}
	w.weather = weathers[w.rng.IntN(len(weathers))]
	w.odds = newOdds(w.rng, w.weather)
	w.feed = dynamodb.Feed{DB: dynamodb.Open(config(&network{engine: s.engine})), Tables: s.tables}
	for n := range 1 + w.rng.IntN(3) {
		w.owners = append(w.owners, gallery.Owner(fmt.Sprintf("%d-owner-%d", seed, n)))
	}
	for range 1 + w.rng.IntN(3) {
		w.shards = append(w.shards, &shard{batch: 1 + w.rng.IntN(20)})
	}
	if w.rng.IntN(8) == 0 { // more than one transaction holds
		w.shards[0].batch = 100
	}
	for n := range 1 + w.rng.IntN(6) {
		p := &picture{owner: pick(w.rng, w.owners), id: fmt.Sprintf("%d-image-%d", seed, n), shard: pick(w.rng, w.shards)}
		w.images = append(w.images, p)
	}
	return w
}

func pick[T any](rng *rand.Rand, all []T) T { return all[rng.IntN(len(all))] }

// odds are how often things happen in one world, against each other. They differ from world to world: what is rare in all
// of them together is then common in some.
type odds struct {
	change, poll, again, abandon, cut, pass, release int // steps
	torn, lost, answerLost, die, dieAfter            int // fates of a call that is released, in percent
}

func newOdds(rng *rand.Rand, w weather) odds {
	o := odds{
		change: 1 + rng.IntN(20), poll: 1 + rng.IntN(20), again: rng.IntN(15), release: 20 + rng.IntN(60), torn: rng.IntN(70),
	}
	if w.faults {
		o.abandon, o.cut, o.pass = rng.IntN(8), rng.IntN(8), rng.IntN(20)
		o.lost, o.answerLost, o.die, o.dieAfter = rng.IntN(10), rng.IntN(10), rng.IntN(5), rng.IntN(5)
	}
	return o
}

// drive takes steps, each chosen among those possible.
func (w *world) drive(steps int) {
	o := w.odds
	total := o.change + o.poll + o.again + o.abandon + o.cut + o.pass + o.release
	for end := w.steps + steps; w.steps < end && !w.t.Failed(); w.steps++ {
		w.settle()
		switch n := lot(w.rng.IntN(total)); {
		case n.below(o.change):
			w.change()
		case n.below(o.poll):
			w.poll(pick(w.rng, w.shards))
		case n.below(o.again):
			w.deliverAgain(pick(w.rng, w.shards))
		case n.below(o.abandon):
			pick(w.rng, w.shards).poller = nil // taken for dead, it goes on beside its retry
		case n.below(o.cut):
			w.cut()
		case n.below(o.pass):
			w.pass(2 * time.Second)
		default:
			w.release()
		}
		if w.steps%100 == 0 {
			w.look()
		}
	}
}

// lot is a number drawn, which falls into one of the ranges that are laid out from 0 on.
type lot int

func (l *lot) below(width int) bool {
	*l -= lot(width)
	return *l < 0
}

// cut parts an invocation from the tables for good. It lives, and can say that it failed.
func (w *world) cut() {
	if len(w.running) > 0 {
		pick(w.rng, w.running).cut = true
	}
}

// rest lets everything end well: every shard is read to its end, and every invocation answers.
func (w *world) rest() {
	w.calm = true
	for !w.t.Failed() {
		w.settle()
		for _, s := range w.shards {
			w.poll(s)
		}
		switch {
		case w.steps > 50*worldSteps:
			w.t.Error("the world does not come to rest")
		case len(w.network.waiting()) > 0:
			w.release()
			w.steps++
		case len(w.running) > 0:
			w.pass(2 * time.Second)
		default:
			return
		}
	}
}

// end kills what still runs in a world that failed.
func (w *world) end() {
	for len(w.running) > 0 {
		for _, i := range w.running {
			i.die()
		}
		w.pass(2 * time.Second)
		w.settle()
	}
}

// settle waits until nothing moves but by the driver, and takes the answers that have come.
func (w *world) settle() {
	synctest.Wait()
	var still []*invocation
	for _, i := range w.running {
		if i.answered() {
			i.settle(w)
		} else {
			still = append(still, i)
		}
	}
	w.running = still
	for _, e := range w.network.heard() {
		w.hear(e)
	}
}

// pass lets synthetic time go by: whoever waits for a retry goes on.
func (w *world) pass(d time.Duration) { time.Sleep(d) }

// change writes a version of an image, or several, or a record that is none.
func (w *world) change() {
	p := pick(w.rng, w.images)
	many := 1
	if w.rng.IntN(20) == 0 {
		many = p.shard.batch
	}
	for range many {
		p.version++
		p.shard.append(func(seq int) string { return record(seq, string(p.owner), p.id, p.version) })
	}
	switch w.rng.IntN(20) {
	case 0:
		p.shard.append(func(seq int) string {
			return fmt.Sprintf(`{"eventName":"INSERT","dynamodb":{"SequenceNumber":"%d"}}`, seq)
		})
	case 1:
		p.shard.append(func(seq int) string {
			return fmt.Sprintf(`{"eventName":"REMOVE","dynamodb":{"SequenceNumber":"%d"}}`, seq)
		})
	}
}

// release lets one waiting call go on, well or badly.
func (w *world) release() {
	calls := w.network.waiting()
	if len(calls) == 0 {
		w.pass(2 * time.Second)
		return
	}
	c, o := pick(w.rng, calls), w.odds
	switch n := lot(w.rng.IntN(100)); {
	case w.calm:
		c.fate <- through
	case c.invocation.cut && c.toTables():
		c.fate <- pick(w.rng, []fate{lost, answerLost})
	case n.below(o.lost):
		c.fate <- lost
	case n.below(o.answerLost):
		c.fate <- answerLost
	case n.below(o.die):
		c.invocation.die()
	case n.below(o.dieAfter):
		c.fate <- diesAfter
	case n.below(o.torn):
		c.fate <- pick(w.rng, []fate{firstHalf, secondHalf})
	default:
		c.fate <- through
	}
}

func (w *world) numbered() int {
	n := 0
	for _, events := range w.seen {
		n += len(events)
	}
	return n
}
