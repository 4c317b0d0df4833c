package conformance_test

import "strings"

// faults are what an endpoint is known to do otherwise than AWS. Each stands here with its reason, and nowhere else.
type faults struct {
	cases    map[[2]string]string // by section and case of the suite: why the endpoint fails it
	messages []string             // beginnings of AWS's messages for which it has words of its own, under the same type

	tellsNothing bool     // its stream also tells of writes that change nothing
	excuses      []excuse // differences that random requests meet
}

// excuse is a difference for which it is known who is right.
type excuse struct {
	why  string
	fits func(r request, ours, theirs answer) bool
}

// excuse is why an endpoint's answer differs from ours, or nothing.
func (f faults) excuse(r request, ours, theirs answer) string {
	for _, e := range f.excuses {
		if e.fits(r, ours, theirs) {
			return e.why
		}
	}
	return ""
}

func (f faults) rewords(message string) bool {
	for _, beginning := range f.messages {
		if strings.HasPrefix(message, beginning) {
			return true
		}
	}
	return false
}

const typeless = "the type of a key's value is not looked at"

// oracleFaults are those of dynoxide 1.2.1.
func oracleFaults() faults {
	const (
		noop      = "a write that changes nothing is told as MODIFY"
		unchecked = "it looks at the operands only where there is an item"
		anything  = "any stream, shard and iterator is good enough"
		lenient   = "what makes no sense is not looked at"
		multibyte = "characters of many bytes in expressions can end it"
	)
	return faults{
		cases: map[[2]string]string{
			{"tables", "get an index of what they have, and lose it"}:          "an index takes in items whose key is of another type",
			{"tables that cannot be made", "no throughput"}:                    "provisioned tables need no throughput",
			{"tables that cannot be made", "a stream without view"}:            "a stream needs no view",
			{"time to live", "is off in a new table"}:                          "it can be switched off when it is off",
			{"time to live", "is not switched on twice"}:                       "it can be switched on when it is on",
			{"time to live", "deletes as the service, and tells so"}:           "nothing is deleted within ten seconds",
			{"updates", "SET appends at indexes past the end, in their order"}: "the list is filled with nulls up to the index",
			{"updates", "REMOVE takes list elements by their old indexes"}:     "each removal moves the elements of the next",
			{"updates", "ADD adds to a set of numbers"}:                        "2.0 is taken for another number than 2",
			{"updates refused", "a removal through nothing"}:                   "it is no error",
			{"conditions", "(n) = (:v) {:v:10}"}:                               "operands cannot stand in parentheses",
			{"indexes", "more of a local index, from the table"}:               "only what the index has is found",
			{"transactional reads", "answer in the order of the question"}:     "a projection gives the key as well",
			{"guregu/dynamo", "queries a range, filters and turns round"}:      "KeyConditions exclude a FilterExpression",

			{"stream silence", "after a put of the same"}:                  noop,
			{"stream silence", "after a put of the same, spelt otherwise"}: noop,
			{"stream silence", "after an update to the same"}:              noop,
			{"stream silence", "after an addition of what is there"}:       noop,
			{"stream silence", "after a removal of nothing"}:               noop,
			{"stream silence", "after a transaction that changes nothing"}: noop,
			{"streams refused", "an unknown stream"}:                       anything,
			{"streams refused", "an unknown shard"}:                        anything,
			{"streams refused", "an iterator without its number"}:          anything,

			{"requests refused", "a list for a request"}:                         "it is taken for an empty one",
			{"requests refused", "IN of too many"}:                               "there is no limit",
			{"requests refused", "more than the index has"}:                      "attributes that it has not are left out",
			{"requests refused", "a start outside the query"}:                    "the query begins at its own start",
			{"shapes refused", "bytes that are no text"}:                         "it is told in words alone",
			{"shapes refused", "an action of two kinds"}:                         lenient,
			{"shapes refused", "an action of a batch that is both"}:              lenient,
			{"shapes refused", "an empty token"}:                                 lenient,
			{"shapes refused", "a wrong word for what a failed condition shows"}: lenient,
			{"shapes refused", "a change that is two"}:                           lenient,
			{"pages refused", "paths that conflict"}:                             "the paths are not seen to conflict",
			{"key conditions refused", "p = :n"}:                                 typeless,
			{"key conditions refused", "p = :a AND s = :a"}:                      typeless,
			{"key conditions refused", "p = :a AND begins_with(s, :n)"}:          typeless,
			{"key conditions refused", "p = :e"}:                                 "an empty key is looked for",
			{"updates refused", "a removal from a string"}:                       "it is no error",
			{"update expressions refused", "SET a = IF_NOT_EXISTS(a, :n)"}:       "names of functions are the same in capitals",
			{"conditions refused", "a[99999999999] = :s"}:                        "there is no limit to list indexes",
			{"conditions refused", "attribute_type(a, :s)"}:                      unchecked,
			{"conditions refused", "attribute_type(a, :n)"}:                      unchecked,
			{"conditions refused", "a BETWEEN :l AND :l"}:                        unchecked,
			{"conditions refused", "a < :l"}:                                     unchecked,
			{"conditions refused", "é"}:                                          multibyte,
			{"update expressions refused", "SET a.b = :n REMOVE a[0]"}:           "the paths are not seen to conflict",
			{"update expressions refused", "SET a = :é"}:                         multibyte,
		},
		messages: []string{
			"1 validation error detected: Value null at 'requestItems'",
			"1 validation error detected: Value null at 'transactItems",
			"An operand in the update expression has an incorrect data type",
			"Conditions can be of length 1 or 2 only",
			"ExpressionAttributeValues can only be specified when using expressions",
			"ExpressionAttributeValues contains invalid value",
			"Invalid ConditionExpression: Incorrect number of operands",
			"Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: size",
			"Invalid ConditionExpression: Operator or function requires a document path",
			"Invalid ConditionExpression: Syntax error",
			"Invalid ConditionExpression: The function is not allowed to be used this way",
			"Invalid ConditionExpression: An expression attribute value used in expression is not defined",
			"Invalid KeyConditionExpression: An expression attribute",
			"Invalid UpdateExpression: Syntax error",
			"Invalid operator used in KeyConditionExpression",
			"KeyConditionExpressions",
			"Invalid UpdateExpression: The function is not allowed",
			"Invalid UpdateExpression: Two document paths overlap",
			"One or more parameter values were invalid: Input collection",
			"Query key condition not supported",
			"The provided starting key is invalid",
			"only base-64-encoded strings",
		},
		tellsNothing: true,
		excuses:      oracleExcuses(),
	}
}

func oracleExcuses() []excuse {
	refused := func(message string) func(request, answer, answer) bool {
		return func(_ request, ours, _ answer) bool { return strings.Contains(ours.message, message) }
	}
	return []excuse{
		{"REMOVE, ADD and DELETE through nothing are no errors", refused("The document path provided in the update expression")},
		{"a query begins at its own start, wherever it is told to", refused("The provided starting key is")},
		{"a key is changed as soon as the condition allows it", refused("This attribute is part of the key")},
		{"what is not used, or not defined, matters only where it is come across", func(r request, ours, theirs answer) bool {
			_, undefined, found := strings.Cut(ours.message, "is not defined; attribute value: ")
			given, _ := r.body["ExpressionAttributeValues"].(object)
			return theirs.kind != ours.kind && (found && given[undefined] == nil ||
				strings.Contains(ours.message, "unused in expressions") || strings.Contains(ours.message, "contains invalid key") ||
				strings.Contains(ours.message, "is not defined; attribute name"))
		}},
		{"operands are looked at only where there is an item", refused("Incorrect operand type for operator or function")},
		{typeless, refused("Condition parameter type does not match schema type")},
		{"a path is compared with itself", refused("The first operand must be distinct")},
		{"bounds may be the wrong way round", refused("requires upper bound to be greater")},
		{"an empty key cancels a transaction of reads", func(r request, ours, _ answer) bool {
			return r.operation == "TransactGetItems" && strings.Contains(ours.message, "empty string value")
		}},
		{"what AWS counts for the indexes of a transaction is not known", func(r request, ours, theirs answer) bool {
			return r.operation == "TransactWriteItems" && ours.kind == "" && theirs.kind == "" &&
				r.body["ReturnConsumedCapacity"] != nil
		}},
		{"UPDATED_OLD and UPDATED_NEW show more of a list than was updated", func(r request, ours, theirs answer) bool {
			asked, _ := r.body["ReturnValues"].(string)
			expression, _ := r.body["UpdateExpression"].(string)
			return strings.HasPrefix(asked, "UPDATED_") && strings.Contains(expression, "[") && ours.kind == theirs.kind
		}},
		{"which of two mistakes in one transaction AWS tells is not known", func(r request, ours, theirs answer) bool {
			const twice = "cannot include multiple operations on one item"
			return strings.Contains(ours.message, twice) != strings.Contains(theirs.message, twice) &&
				ours.kind != "" && theirs.kind != ""
		}},
		{"the key of a new item is shown as if it had been old", func(r request, ours, theirs answer) bool {
			return r.body["ReturnValues"] == "ALL_OLD" && ours.kind == "" && ours.body["Attributes"] == nil
		}},
	}
}
