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
	trashQuery = `query Trash($first: Int, $after: String) {
  trash(first: $first, after: $after) { edges { node { ...imageFields } } pageInfo { hasNextPage endCursor } }
}` + imageFields
	meQuery      = `query Me { me { id usage { images bytes inFlight } quota { images bytes inFlight } } }`
	changesQuery = `query Changes($after: Int!, $first: Int) {
  changes(after: $after, first: $first) { events { ...eventFields } head startOver }
}` + eventFields

	createUploadMutation = `mutation CreateUpload($filename: String!, $contentType: String!, $bytes: Int!, $sha256: String!) {
  createUpload(filename: $filename, contentType: $contentType, bytes: $bytes, sha256: $sha256) {
    __typename
    ... on AlreadyHave { image { ...imageFields } }
    ... on UploadTarget { image { ...imageFields } url method headers { name value } expiresAt }
    ... on UploadParts { image { ...imageFields } partBytes parts expiresAt }
  }
}` + imageFields
	// Of many at once only that is asked for which tells them apart.
	createUploadsMutation = `mutation CreateUploads($uploads: [UploadInput!]!) {
  createUploads(uploads: $uploads) {
    __typename
    ... on AlreadyHave { image { ...briefFields } }
    ... on UploadTarget { image { ...briefFields } url method headers { name value } expiresAt }
    ... on UploadParts { image { ...briefFields } partBytes parts expiresAt }
    ... on UploadFailure { code field message }
  }
}
fragment briefFields on Image { id version status failure bytes filename createdAt updatedAt deletedAt }`
	uploadPartsMutation = `mutation UploadParts($id: ID!, $parts: [PartInput!]!) {
  uploadParts(id: $id, parts: $parts) { number url method headers { name value } expiresAt }
}`
	uploadProgressQuery    = `query UploadProgress($id: ID!) { uploadProgress(id: $id) { parts { number bytes } complete } }`
	completeUploadMutation = `mutation CompleteUpload($id: ID!) { completeUpload(id: $id) { id } }`
	purgeMutation          = `mutation Purge($id: ID!) { purgeImage(id: $id) { ...imageFields } }` + imageFields
	retryMutation          = `mutation Retry($id: ID!) { retryImage(id: $id) { ...imageFields } }` + imageFields

	jobFields         = `fragment jobFields on Reprocess { id state images seconds cost asked createdAt updatedAt }`
	reprocessMutation = `mutation ReprocessImages($filter: ReprocessFilter, $dryRun: Boolean) {
  reprocessImages(filter: $filter, dryRun: $dryRun) { ...jobFields }
} ` + jobFields
	jobQuery          = `query Job($id: ID!) { reprocess(id: $id) { ...jobFields } } ` + jobFields
	cancelJobMutation = `mutation Cancel($id: ID!) { cancelReprocess(id: $id) { ...jobFields } } ` + jobFields

	shareFields   = `fragment shareFields on Share { id url imageId image { id filename } renditions createdAt expiresAt }`
	shareMutation = `mutation Share($id: ID!, $expiresIn: Int, $renditions: [String!]) {
  shareImage(id: $id, expiresIn: $expiresIn, renditions: $renditions) { ...shareFields }
} ` + shareFields
	sharesQuery = `query Shares($image: ID, $first: Int, $after: String) {
  shares(image: $image, first: $first, after: $after) { edges { node { ...shareFields } } pageInfo { hasNextPage endCursor } }
} ` + shareFields
	revokeMutation = `mutation Revoke($id: ID!) { revokeShare(id: $id) { ...shareFields } } ` + shareFields
	exportQuery    = `query Export($first: Int, $after: String) {
  exportAccount(first: $first, after: $after) {
    account { id usage { images bytes inFlight } quota { images bytes inFlight } groups suspendedAt deletion { startedAt images erasedAt } }
    images { ...imageFields }
    pageInfo { hasNextPage endCursor }
  }
}` + imageFields

	deleteMutation  = `mutation Delete($id: ID!) { deleteImage(id: $id) { ...imageFields } }` + imageFields
	restoreMutation = `mutation Restore($id: ID!) { restoreImage(id: $id) { ...imageFields } }` + imageFields

	eventsSubscription = `subscription Events { imageEvents { ...eventFields } }` + eventFields
)

// repeatable tells whether a document may be executed once more when it may have been executed already. Another link would be
// made, a link that was revoked would not be found, and a job be in its own way.
func repeatable(document string) bool {
	return document != shareMutation && document != revokeMutation && document != reprocessMutation
}
