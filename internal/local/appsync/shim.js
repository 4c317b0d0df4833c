// The module '@aws-appsync/utils' as resolvers see it here; on npm it is types with empty bodies. `host` is what
// invoke.js provides for one call. Whatever is missing below throws when a resolver uses it, and says which.

export const util = {
  error(message, errorType, data, errorInfo) {
    throw host.signal({ message, errorType, data, errorInfo });
  },
  unauthorized() {
    throw host.signal({ unauthorized: true });
  },
  appendError(message, errorType, data, errorInfo) {
    host.appended.push({ message, errorType, data, errorInfo });
  },
  autoId: () => host.newID(),
  time: {
    nowISO8601: () => new Date(host.now).toISOString(),
    nowEpochMilliSeconds: () => host.now,
    nowEpochSeconds: () => Math.floor(host.now / 1000),
  },
  transform: { toSubscriptionFilter },
};

export const runtime = {
  earlyReturn(value) {
    throw host.signal({ earlyReturn: true, value });
  },
};

export const extensions = {
  setSubscriptionFilter(filter) {
    host.filter = filter === undefined ? null : filter;
  },
};

// toSubscriptionFilter writes a filter as groups, of which one must hold in full. The operators of one field are
// alternatives, and so are the members of `or` and the rules: they multiply the groups out.
function toSubscriptionFilter(filter, ignoredFields, rules) {
  if (!isObject(filter)) {
    return null;
  }
  let groups = groupsOf(filter, ignoredFields || []);
  if (isObject(rules) && Object.keys(rules).length > 0) {
    const alternatives = Object.keys(rules).flatMap((name) => fieldGroups(name, rules[name]));
    groups = cross(groups, alternatives);
  }
  const some = groups.filter((group) => group.length > 0);
  return { filterGroup: some.map((filters) => ({ filters })) };
}

function groupsOf(filter, ignored) {
  let groups = [[]];
  for (const name of Object.keys(filter)) {
    const value = filter[name];
    if (ignored.includes(name)) {
      continue;
    }
    if (name === 'and' && Array.isArray(value)) {
      for (const member of value) {
        groups = cross(groups, groupsOf(member, ignored));
      }
    } else if (name === 'or' && Array.isArray(value)) {
      groups = cross(groups, value.flatMap((member) => groupsOf(member, ignored)));
    } else {
      groups = cross(groups, fieldGroups(name, value));
    }
  }
  return groups;
}

// fieldGroups has a group for each operator of a field.
function fieldGroups(fieldName, operators) {
  return Object.keys(operators || {}).map((operator) => [{ fieldName, operator, value: operators[operator] }]);
}

// cross combines every group of one list with every group of another; an empty list changes nothing.
function cross(left, right) {
  if (right.length === 0) {
    return left;
  }
  return left.flatMap((a) => right.map((b) => a.concat(b)));
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
