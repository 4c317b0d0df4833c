package gallery

// GraphQL knows ids as plain strings.

// PlainID is the image's id.
func (i Image) PlainID() string { return string(i.ID) }

// PlainID is the id of the event's image.
func (e Event) PlainID() string { return string(e.ID) }

// PlainOwner is the owner of the event's image.
func (e Event) PlainOwner() string { return string(e.Owner) }

// PlainID is the job's id.
func (j Job) PlainID() string { return string(j.ID) }
