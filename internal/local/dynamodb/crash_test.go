package dynamodb_test

import (
	"bufio"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	st "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/darkroom/darkroom/internal/local/dynamodb"
)

// servePath, when set, makes the test binary a server of that file, for another process to kill.
const servePath = "DYNAMODB_TEST_SERVE"

func TestMain(m *testing.M) {
	if path := os.Getenv(servePath); path != "" {
		serve(path)
	}
	os.Exit(m.Run())
}

func serve(path string) {
	engine, err := dynamodb.Open(path, dynamodb.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	server := httptest.NewServer(engine)
	fmt.Println(server.URL)
	select {}
}

// ledger is what a table must hold, by what was acknowledged.
type ledger struct {
	mu      sync.Mutex
	there   map[string]bool // whether an item is there; missing where nobody knows
	pairs   [][2]string     // items of which both are there, or neither
	counted map[string]int  // the least that a counter says
	left    int             // writes until the process is killed
}

// note notes that a write was acknowledged, and tells whether it is the one to kill after.
func (l *ledger) note(do func()) (last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do()
	l.left--
	return l.left == 0
}

// TestWritesSurviveKills kills a process in the midst of many writes, ten times over at random moments. After each, all that
// was acknowledged is there, transactions are whole, and items, index and stream agree.
func TestWritesSurviveKills(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	c := &cloud{t: t, path: filepath.Join(t.TempDir(), "tables.db"), clock: &clock{}}
	l := &ledger{there: map[string]bool{}, counted: map[string]int{}}
	for round := range 10 {
		command := c.serveElsewhere()
		if round == 0 {
			c.createTable("tbl", "S", withIndex("byg", "g", "", types.ProjectionTypeKeysOnly), withStream(types.StreamViewTypeNewImage))
		}
		c.compareWith(l)
		l.left = 1 + random.IntN(120)
		var workers sync.WaitGroup
		for worker := range 8 {
			workers.Go(func() { c.writeUntilKilled(fmt.Sprint(round, "-", worker), worker, l, command) })
		}
		workers.Wait()
		_ = command.Wait() // killed
	}
	c.open()
	defer c.close()
	c.compareWith(l)
}

// serveElsewhere serves the file in another process, and connects to it.
func (c *cloud) serveElsewhere() *exec.Cmd {
	c.t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), servePath+"="+c.path)
	output, err := command.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	url, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		c.t.Fatal(err)
	}
	c.connect(strings.TrimSpace(url))
	return command
}

// writeUntilKilled puts, counts, deletes and transacts, each on items of its own, and kills the process when it is time.
func (c *cloud) writeUntilKilled(prefix string, worker int, l *ledger, command *exec.Cmd) {
	item := func(p string) row { // large, so that the journal begins anew now and then
		return row{"p": str(p), "g": str("g"), "fill": str(strings.Repeat("x", 12_000))}
	}
	ctx, table, counter := c.t.Context(), aws.String("tbl"), fmt.Sprint("counter-", worker)
	for i := 0; ; i++ {
		p := fmt.Sprint(prefix, "-", i)
		var err error
		var done func()
		switch i % 4 {
		case 0:
			_, err = c.db.PutItem(ctx, &sdk.PutItemInput{TableName: table, Item: item(p)})
			done = func() { l.there[p] = true }
		case 1:
			_, err = c.db.UpdateItem(ctx, &sdk.UpdateItemInput{
				TableName: table, Key: row{"p": str(counter)}, UpdateExpression: aws.String("ADD n :one"),
				ExpressionAttributeValues: row{":one": num("1")},
			})
			done = func() { l.counted[counter]++ }
		case 2:
			l.mu.Lock()
			l.pairs = append(l.pairs, [2]string{p + "a", p + "b"})
			l.mu.Unlock()
			_, err = c.db.TransactWriteItems(ctx, &sdk.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: table, Item: item(p + "a")}}, {Put: &types.Put{TableName: table, Item: item(p + "b")}},
			}})
			done = func() { l.there[p+"a"], l.there[p+"b"] = true, true }
		default:
			gone := fmt.Sprint(prefix, "-", i-3)
			l.mu.Lock()
			delete(l.there, gone)
			l.mu.Unlock()
			_, err = c.db.DeleteItem(ctx, &sdk.DeleteItemInput{TableName: table, Key: row{"p": str(gone)}})
			done = func() { l.there[gone] = false }
		}
		if err != nil {
			return
		}
		if l.note(done) {
			_ = command.Process.Kill() // others are in the midst of writing
		}
	}
}

// compareWith compares the table with what was acknowledged, and with its index and its stream.
func (c *cloud) compareWith(l *ledger) {
	c.t.Helper()
	items, indexed := c.scanAll(nil), c.scanAll(aws.String("byg"))
	for p, there := range l.there {
		if _, ok := items[p]; ok != there {
			c.t.Errorf("%s was acknowledged, and it is %t that it is there", p, ok)
		}
	}
	for _, pair := range l.pairs {
		_, first := items[pair[0]]
		if _, second := items[pair[1]]; first != second {
			c.t.Errorf("of %v one is there", pair)
		}
	}
	for counter, n := range l.counted {
		var got int
		if _, _ = fmt.Sscan(items[counter], &got); got < n {
			c.t.Errorf("%s is %d, and %d were acknowledged", counter, got, n)
		}
	}
	for p, n := range items {
		if _, ok := indexed[p]; ok != (n == "") {
			c.t.Errorf("it is %t that %s is in the index", ok, p)
		}
	}
	if told := c.toldByStream(); !maps.Equal(told, items) {
		c.t.Errorf("the stream tells of %d items, of %d", len(told), len(items))
	}
}

// scanAll gives what n is of each item, by its key.
func (c *cloud) scanAll(index *string) map[string]string {
	c.t.Helper()
	found := map[string]string{}
	pages := sdk.NewScanPaginator(c.db, &sdk.ScanInput{TableName: aws.String("tbl"), IndexName: index})
	for pages.HasMorePages() {
		page, err := pages.NextPage(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, item := range page.Items {
			n, _ := item["n"].(*types.AttributeValueMemberN)
			found[item["p"].(*types.AttributeValueMemberS).Value] = ""
			if n != nil {
				found[item["p"].(*types.AttributeValueMemberS).Value] = n.Value
			}
		}
	}
	return found
}

// toldByStream is what scanAll would give, made of all that the stream has told.
func (c *cloud) toldByStream() map[string]string {
	c.t.Helper()
	told := map[string]string{}
	arn, shard := c.streamOf("tbl")
	iterator, err := c.iterator(arn, *shard.ShardId, st.ShardIteratorTypeTrimHorizon, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for more := true; more; {
		var records []st.Record
		records, iterator = c.read(iterator)
		for _, r := range records {
			p := r.Dynamodb.Keys["p"].(*st.AttributeValueMemberS).Value
			if told[p] = ""; r.Dynamodb.NewImage == nil {
				delete(told, p)
			} else if n, ok := r.Dynamodb.NewImage["n"].(*st.AttributeValueMemberN); ok {
				told[p] = n.Value
			}
		}
		more = len(records) > 0
	}
	return told
}
