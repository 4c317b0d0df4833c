package client

// The documents that the client sends. A test holds them against the schema.
const (
	imageFields = `
fragment imageFields on Image {
  id version status stage failure failureMessage filename contentType bytes sha256 format width height frames profile
  placeholder
  capture {
    takenAt offset make model lens exposure aperture iso focalLength direction location { latitude longitude altitude }
  }
  description { title caption keywords rating copyright }
  looks { colours hash sharpness exposure quality }
  renditions { name url width height bytes contentType expiresAt }
  original { url expiresAt }
  createdAt updatedAt deletedAt purgeAt
}`
	eventFields = `
fragment eventFields on ImageEvent {
  owner id seq version status stage failure width height placeholder deletedAt at
}`

	imageQuery  = `query Image($id: ID!) { image(id: $id) { ...imageFields } }` + imageFields
	imagesQuery = `query Images($first: Int, $after: String, $order: ImageOrder, $status: ImageStatus) {
  images(first: $first, after: $after, order: $order, status: $status) {
    edges { node { ...imageFields } }
    pageInfo { hasNextPage endCursor }
  }
}` + imageFields
	meQuery      = `query Me { me { id usage { images bytes } quota { images bytes } } }`
	changesQuery = `query Changes($after: Int!, $first: Int) {
  changes(after: $after, first: $first) { events { ...eventFields } head startOver }
}` + eventFields

	createUploadMutation = `mutation CreateUpload($filename: String!, $contentType: String!, $bytes: Int!, $sha256: String!) {
  createUpload(filename: $filename, contentType: $contentType, bytes: $bytes, sha256: $sha256) {
    __typename
    ... on AlreadyHave { image { ...imageFields } }
    ... on UploadTarget { image { ...imageFields } url method headers { name value } expiresAt }
  }
}` + imageFields
	deleteMutation  = `mutation Delete($id: ID!) { deleteImage(id: $id) { ...imageFields } }` + imageFields
	restoreMutation = `mutation Restore($id: ID!) { restoreImage(id: $id) { ...imageFields } }` + imageFields

	eventsSubscription = `subscription Events { imageEvents { ...eventFields } }` + eventFields
)
