package dynamodb

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// checkTableName checks the name of a table, which must be given.
func checkTableName(name *string) *apiError {
	return checkName("tableName", name, 1)
}

// checkTable checks the name of a table that an operation on tables is about; they have words of their own for none.
func checkTable(name *string) *apiError {
	if name == nil {
		return invalid("The parameter 'TableName' is required but was not present in the request")
	}
	return checkName("tableName", name, 3)
}

const nameRule = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"

// checkName checks the name of a table or index.
func checkName(member string, name *string, shortest int) *apiError {
	if name == nil {
		return constraint("null", member, "not be null")
	}
	shown := "'" + *name + "'"
	switch {
	case len(*name) < shortest && shortest == 1:
		return constraint(shown, member, "have length greater than or equal to 1")
	case len(*name) < shortest:
		return constraint(shown, member, "have length greater than or equal to 3")
	case len(*name) > 255:
		return constraint(shown, member, "have length less than or equal to 255")
	}
	for i := range len(*name) {
		if c := (*name)[i]; !isWordByte(c) && c != '.' && c != '-' {
			return constraint(shown, member, nameRule)
		}
	}
	return nil
}

// checkEnum checks a member that, if given, is one of a few words.
func checkEnum(member, given string, words ...string) *apiError {
	if given == "" || slices.Contains(words, given) {
		return nil
	}
	return constraint("'"+given+"'", member, "satisfy enum value set: ["+strings.Join(words, ", ")+"]")
}

func checkCapacityEnum(given string) *apiError {
	return checkEnum("returnConsumedCapacity", given, "INDEXES", "TOTAL", "NONE")
}

// refuseLegacy refuses the parameters that DynamoDB had before expressions: they are not served here.
func refuseLegacy(legacy map[string]json.RawMessage, expressions map[string]*string) *apiError {
	maps.DeleteFunc(legacy, func(_ string, given json.RawMessage) bool {
		return len(given) == 0 || string(given) == "null"
	})
	if len(legacy) == 0 {
		return nil
	}
	names := strings.Join(slices.Sorted(maps.Keys(legacy)), ", ")
	maps.DeleteFunc(expressions, func(_ string, given *string) bool { return given == nil })
	if len(expressions) == 0 {
		return invalidParameter("%s is not supported, use expressions", names)
	}
	return twoLanguages(names, strings.Join(slices.Sorted(maps.Keys(expressions)), ", "))
}

func twoLanguages(legacy, expressions string) *apiError {
	return invalid("Can not use both expression and non-expression parameters in the same request: "+
		"Non-expression parameters: {%s} Expression parameters: {%s}", legacy, expressions)
}
