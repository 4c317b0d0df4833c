package gallery

// Order is how a list of images is sorted: the newest first.
type Order string

// The orders: by the time of upload, or by the time the picture was taken (its upload where unknown). By the time of
// deletion there is the trash, and nothing else.
const (
	Uploaded  Order = "UPLOADED"
	TakenAt   Order = "TAKEN"
	TrashedAt Order = "TRASHED"
)

// The bounds of a page.
const (
	DefaultPage = 24
	MaxPage     = 100
	MaxScanned  = 1000 // records that one page may read while it looks for those that match
)

// Listing asks for a page of an owner's images outside the trash, or, in the order TrashedAt, of those in it.
type Listing struct {
	First  int
	After  string // a cursor of an earlier page; empty for the first
	Order  Order
	Status Status // only these; empty for all
}

// Takes tells whether an image belongs in the list. What is being purged is in neither.
func (l Listing) Takes(i Image) bool {
	if l.Order == TrashedAt {
		return i.Deleted() && !i.Purging
	}
	return !i.Deleted() && (l.Status == "" || i.Status == l.Status)
}

// Checked refuses a listing that is out of bounds, naming the field at fault.
func (l Listing) Checked() (Listing, error) {
	if l.First < 1 || l.First > MaxPage {
		return l, Invalid("first", "a page has 1 to %d images", MaxPage)
	}
	if len(l.After) > 512 {
		return l, Invalid("after", "this is not a cursor of images")
	}
	return l, nil
}

// Page is a part of a list, in its order.
type Page struct {
	Images  []Image
	Cursors []string // one an image
	End     string   // where the next page begins; after a page without images too
	More    bool     // whether there may be a next page
}
