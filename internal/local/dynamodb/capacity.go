package dynamodb

// capacity is the ConsumedCapacity of an answer. The engine counts the units AWS would, but limits none.
type capacity struct {
	TableName              string
	CapacityUnits          float64
	ReadCapacityUnits      float64          `json:",omitempty"` // of transactions, which tell the two apart
	WriteCapacityUnits     float64          `json:",omitempty"`
	Table                  *units           `json:",omitempty"`
	GlobalSecondaryIndexes map[string]units `json:",omitempty"`
	LocalSecondaryIndexes  map[string]units `json:",omitempty"`
}

type units struct {
	CapacityUnits      float64
	ReadCapacityUnits  float64 `json:",omitempty"` // of transactions
	WriteCapacityUnits float64 `json:",omitempty"`
}

// shown is what of the capacity ReturnConsumedCapacity asks for: nothing, the total, or also its parts.
func (c *capacity) shown(asked string) *capacity {
	switch asked {
	case "INDEXES":
		total := c.CapacityUnits
		for _, u := range c.GlobalSecondaryIndexes {
			total -= u.CapacityUnits
		}
		for _, u := range c.LocalSecondaryIndexes {
			total -= u.CapacityUnits
		}
		c.Table = &units{CapacityUnits: total}
		c.tellApart(c.Table)
		return c
	case "TOTAL":
		return &capacity{
			TableName: c.TableName, CapacityUnits: c.CapacityUnits,
			ReadCapacityUnits: c.ReadCapacityUnits, WriteCapacityUnits: c.WriteCapacityUnits,
		}
	default:
		return nil
	}
}

// tellApart says of the units of a part which they are, if the whole does.
func (c *capacity) tellApart(part *units) {
	if c.ReadCapacityUnits > 0 {
		part.ReadCapacityUnits = part.CapacityUnits
	}
	if c.WriteCapacityUnits > 0 {
		part.WriteCapacityUnits = part.CapacityUnits
	}
}

// addWrite counts what a write used, as often as it was done.
func (c *capacity) addWrite(write *capacity, times float64) {
	c.CapacityUnits += times * write.CapacityUnits
	for parts, more := range map[*map[string]units]map[string]units{
		&c.GlobalSecondaryIndexes: write.GlobalSecondaryIndexes, &c.LocalSecondaryIndexes: write.LocalSecondaryIndexes,
	} {
		for name, u := range more {
			if *parts == nil {
				*parts = map[string]units{}
			}
			(*parts)[name] = units{CapacityUnits: (*parts)[name].CapacityUnits + times*u.CapacityUnits}
		}
	}
}

// addIndex counts units used on an index.
func (c *capacity) addIndex(ix index, used float64) {
	c.CapacityUnits += used
	parts := &c.GlobalSecondaryIndexes
	if ix.Local {
		parts = &c.LocalSecondaryIndexes
	}
	if *parts == nil {
		*parts = map[string]units{}
	}
	(*parts)[ix.Name] = units{CapacityUnits: (*parts)[ix.Name].CapacityUnits + used}
}

// readUnits are the units for reading bytes: one for 4 KB, half for a read that need not be consistent.
func readUnits(bytes int, consistent bool) float64 {
	blocks := max(1, (bytes+4095)/4096)
	if consistent {
		return float64(blocks)
	}
	return float64(blocks) / 2
}

// writeUnits are the units for writing bytes: one for each KB.
func writeUnits(bytes int) float64 { return float64(max(1, (bytes+1023)/1024)) }

// capacity is what the change uses: the larger of old and new item, and as much for every index entry touched.
func (c *change) capacity() *capacity {
	used := &capacity{
		TableName:     c.table.Name,
		CapacityUnits: writeUnits(max(c.before.size(), c.after.size())),
	}
	for _, ix := range c.table.Indexes {
		kept := c.table.projects(ix)
		old, fresh := c.table.entryKey(ix, c.key, c.before), c.table.entryKey(ix, c.key, c.after)
		was, is := kept.of(c.before), kept.of(c.after)
		if old != nil && (fresh == nil || string(old) != string(fresh)) {
			used.addIndex(ix, writeUnits(was.size()))
		}
		if fresh != nil && (string(old) != string(fresh) || !was.equal(is)) {
			used.addIndex(ix, writeUnits(is.size()))
		}
	}
	return used
}
