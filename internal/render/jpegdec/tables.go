package jpegdec

// tables are the lookups of the codes in force, each built when a scan first asks for it: a file of a few bytes more could
// define thousands.
type tables struct {
	dcs [4]*dcTable
	acs [4]*acTable
}

type dcTable struct {
	of     *byte // the first of the symbols it is built from
	lookup lookup
}

type acTable struct {
	of     *byte
	lookup lookup
	values values
	pairs  pairs
	skips  skips
}

func (t *tables) dc(codes *codes, id int) (*dcTable, error) {
	c, err := codes.get(dcCode, id)
	if err != nil {
		return nil, err
	}
	if t.dcs[id] == nil {
		t.dcs[id] = new(dcTable)
	}
	table := t.dcs[id]
	if table.of == &c.symbols[0] {
		return table, nil
	}
	for _, s := range c.symbols {
		if s > 15 {
			return nil, corrupt("a DC difference of %d bits", s)
		}
	}
	table.of = &c.symbols[0]
	table.lookup.build(c)
	return table, nil
}

// ac returns the table of an AC code. Progressive scans have no use for pairs and skips.
func (t *tables) ac(codes *codes, id int, progressive bool) (*acTable, error) {
	c, err := codes.get(acCode, id)
	if err != nil {
		return nil, err
	}
	if t.acs[id] == nil {
		t.acs[id] = new(acTable)
	}
	table := t.acs[id]
	if table.of != &c.symbols[0] {
		table.of = &c.symbols[0]
		table.lookup.build(c)
		table.values.buildAC(&table.lookup)
		if !progressive {
			table.pairs.build(&table.values)
			table.skips.build(&table.lookup)
		}
	}
	return table, nil
}

// get returns a code that a scan names.
func (c *codes) get(class, id int) (*code, error) {
	if id > 3 || c[class][id].symbols == nil {
		return nil, corrupt("no Huffman table %d", id)
	}
	return &c[class][id], nil
}
