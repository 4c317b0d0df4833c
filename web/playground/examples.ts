// The tabs that a new visitor finds. Each works when it is run.
import type { GraphiQLProps } from 'graphiql';

// Lines are short: the editor of a small window shows 45 columns.
const thin = (indent: string) =>
  ['id seq version at', 'status stage failure', 'width height deletedAt'].join(`\n${indent}`);

export const examples: NonNullable<GraphiQLProps['defaultTabs']> = [
  {
    query: `# Who you are, what you keep, and what you may.
# Ctrl-Enter runs it.
query Me {
  me {
    id
    usage { images bytes inFlight }
    quota { images bytes inFlight }
  }
}
`,
  },
  {
    query: `# Run it and leave it running. Then press the
# arrow beside the editor: "Send a picture".
# This is AppSync's own realtime protocol.
subscription Live {
  imageEvents {
    ${thin('    ')}
  }
}
`,
  },
  {
    query: `# Your pictures, the newest first. The next
# page comes after the endCursor of this one.
query Gallery($first: Int, $after: String) {
  images(first: $first, after: $after) {
    edges {
      node {
        id
        filename
        status
        width
        height
        placeholder
        renditions { name width height url }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: JSON.stringify({ first: 5 }, null, 2),
  },
  {
    query: `# Everything about one. The playground puts
# your newest picture's id for "newest".
query Picture($id: ID!) {
  image(id: $id) {
    id
    version
    status
    stage
    failure
    failureMessage
    filename
    bytes
    format
    width
    height
    profile
    capture {
      takenAt offset make model lens
      exposure aperture iso focalLength
      location { latitude longitude }
    }
    description { title caption keywords rating }
    looks { colours hash sharpness quality }
    renditions { name width height bytes url }
    original { url expiresAt }
  }
}
`,
    variables: JSON.stringify({ id: 'newest' }, null, 2),
  },
  {
    query: `# Pictures that look like it, the nearest first.
query Similar($id: ID!) {
  similarImages(id: $id, first: 10) {
    distance
    image { id filename looks { quality } }
  }
}
`,
    variables: JSON.stringify({ id: 'newest' }, null, 2),
  },
  {
    query: `# What happened, without a gap: what a client
# asks when its socket was down.
query Changes($after: Int!) {
  changes(after: $after, first: 20) {
    head
    startOver
    events {
      ${thin('      ')}
    }
  }
}
`,
    variables: JSON.stringify({ after: 0 }, null, 2),
  },
  {
    query: `# Announces a picture and has its upload signed.
# Its bytes would now go to the url.
mutation Announce {
  createUpload(
    filename: "example.jpg"
    contentType: "image/jpeg"
    bytes: 3
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  ) {
    __typename
    ... on UploadTarget {
      image { id status }
      url method headers { name value } expiresAt
    }
    ... on AlreadyHave { image { id status } }
  }
}
`,
  },
  {
    query: `# Into the trash, and out again: the button that runs it
# asks which.
mutation Restore($id: ID!) {
  restoreImage(id: $id) { id filename deletedAt purgeAt }
}

mutation Delete($id: ID!) {
  deleteImage(id: $id) { id filename deletedAt purgeAt }
}
`,
    variables: JSON.stringify({ id: 'newest' }, null, 2),
  },
  {
    query: `# What developing everything again would take.
# With dryRun: false it begins.
mutation Reprocess {
  reprocessImages(filter: { status: READY }) {
    state images seconds cost
  }
}
`,
  },
];
