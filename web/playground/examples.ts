// The tabs that a new visitor finds. Each works when it is run.
import type { GraphiQLProps } from 'graphiql';

const thin = 'id seq version status stage failure width height deletedAt at';

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
    query: `# Run it, leave it running, and press "Send a picture"
# (the arrow beside the editor).
# It speaks AppSync's realtime protocol, here as on AWS.
subscription Live {
  imageEvents {
    ${thin}
  }
}
`,
  },
  {
    query: `# Your pictures, the newest first. The next page comes
# after the endCursor of this one.
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
    query: `# Everything about one. Where the variables say "newest",
# the playground puts the id of your newest picture.
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
    capture { takenAt offset make model lens exposure aperture iso focalLength location { latitude longitude } }
    description { title caption keywords rating }
    looks { colours hash sharpness exposure quality }
    renditions { name width height bytes contentType url expiresAt }
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
    query: `# What happened, without a gap: what a client asks when
# its socket was down.
query Changes($after: Int!) {
  changes(after: $after, first: 20) {
    head
    startOver
    events { ${thin} }
  }
}
`,
    variables: JSON.stringify({ after: 0 }, null, 2),
  },
  {
    query: `# Announces a picture and has its upload signed. Its bytes
# would now go to the url; of this one they never come.
mutation Announce {
  createUpload(
    filename: "example.jpg"
    contentType: "image/jpeg"
    bytes: 3
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  ) {
    __typename
    ... on UploadTarget { image { id status } url method headers { name value } expiresAt }
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
  reprocessImages(filter: { status: READY }, dryRun: true) { state images seconds cost }
}
`,
  },
];
