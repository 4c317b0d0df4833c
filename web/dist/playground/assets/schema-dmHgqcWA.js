var e=`# Darkroom's API, the whole of it. Start at Query and Mutation; Subscription is served by AppSync.
#
# Over HTTP (POST /graphql) and AppSync it is the same schema. Every operation needs a signed-in user and sees that user's
# images only: somebody else's id answers NOT_FOUND, exactly like one that never existed. Users in the group \`admin\` may
# read anybody's images, by naming the owner, and set quotas; nobody else can tell that such fields do anything. A refusal
# has one of these codes
# in \`extensions.code\` (on AppSync in \`errorType\`):
#
#   UNAUTHENTICATED  NOT_FOUND  INVALID_INPUT (with extensions.field)  QUOTA_EXCEEDED  CONFLICT  INTERNAL (with a request id)
#
# Only root fields take arguments, so that any client may cache an object by its id.

"""
An instant as AppSync writes it: 2026-11-23T14:01:41.000Z.
"""
scalar AWSDateTime

directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION

type Query {
  """
  One of your images, also while it is in the trash. Null with NOT_FOUND when there is none.
  """
  image(
    id: ID!
    "Whose image it is, for admins: yours if left out. Anybody else finds nothing of others."
    owner: ID
  ): Image

  """
  Your images outside the trash, the newest first. One page reads at most 1,000 records: with \`status\`, a page can be
  short, even empty, and still have a next one, so go by \`pageInfo.hasNextPage\`.
  """
  images(
    "1 to 100."
    first: Int = 24
    "The \`endCursor\` of the page before."
    after: String
    order: ImageOrder = UPLOADED
    "Only images in this status."
    status: ImageStatus
    "Whose images, for admins: yours if left out."
    owner: ID
  ): ImageConnection!

  """
  Your images in the trash, the last deleted first. It may be a moment behind. A page can be short, even empty, and still
  have a next one: what was purged in the last 30 days is read and passed over.
  """
  trash(
    "1 to 100."
    first: Int = 24
    "The \`endCursor\` of the page before."
    after: String
  ): ImageConnection!

  """
  Your images outside the trash that look like this one, the nearest first: the same picture edited or taken again, then
  what is merely like it. Compared are the 20,000 last taken. Empty while the image itself has not been looked at.
  """
  similarImages(
    id: ID!
    "1 to 100."
    first: Int = 24
  ): [SimilarImage!]!

  """
  The signed-in user.
  """
  me: Me!

  """
  What happened to your images after the event numbered \`after\` (0: from the beginning), in order and without a gap.
  Ask after every reconnect, and whenever an event's \`seq\` is not one more than the last you saw.
  """
  changes(
    after: Int!
    "1 to 100."
    first: Int = 100
  ): Changes!

  """
  How far an upload in parts has come.
  """
  uploadProgress(id: ID!): UploadProgress!

  """
  How far a job of \`reprocessImages\` has come. Null with NOT_FOUND when there is none.
  """
  reprocess(id: ID!): Reprocess

  """
  Your share links that still work, of one image or of all: the newest image's first. A page can be short, even empty, and
  still have a next one. A link that was made a moment ago can be missing.
  """
  shares(
    "Only of this image."
    image: ID
    "1 to 100."
    first: Int = 24
    "The \`endCursor\` of the page before."
    after: String
  ): ShareConnection!

  """
  Everything that is kept of you, page by page: your account, and your images, the trash included, in the order of their
  upload, each with signed links to its original and renditions. A cursor stays good for ever: an export that was stopped
  goes on from it, and images that come meanwhile are at the end. (What else is kept of you is in \`shares\` and \`changes\`.)
  """
  exportAccount(
    "1 to 100."
    first: Int = 50
    "The \`endCursor\` of the page before."
    after: String
  ): AccountExport!

  """
  Any user's account, for admins. Null with NOT_FOUND for everybody else. A user who never sent anything has an empty one.
  """
  user(id: ID!): User
}

type Mutation {
  """
  Announces a picture and answers how to send it, or that you have it already. Nothing is charged for asking twice: the
  same bytes are one image.
  """
  createUpload(
    "1 to 255 bytes; shown back as it is, never used as a path."
    filename: String!
    "image/jpeg, image/png, …; the bytes decide what it is."
    contentType: String!
    "Exactly how many bytes will be sent; at most 536870912. Above 104857600 the answer is \`UploadParts\`."
    bytes: Int!
    "SHA-256 of the bytes, 64 hexadecimal digits."
    sha256: String!
  ): CreateUploadResult!

  """
  Announces up to 25 pictures at once, and answers each by itself, in their order.
  """
  createUploads(uploads: [UploadInput!]!): [CreateUploadsResult!]!

  """
  Signs parts of an upload in parts, for the first time or again. Parts may be sent in any order, and twice: the last one
  counts.
  """
  uploadParts(id: ID!, parts: [PartInput!]!): [PartTarget!]!

  """
  Makes the picture of its parts, which must all be there. Completing it twice is fine.
  """
  completeUpload(id: ID!): Image!

  """
  Puts an image into the trash, from where it is purged after 30 days. Deleting it twice is fine.
  """
  deleteImage(id: ID!): Image!

  """
  Takes an image out of the trash. Work that was cut short by the deletion is taken up again.
  """
  restoreImage(id: ID!): Image!

  """
  Removes an image for good, from the trash or not, within minutes. Nothing brings it back. Purging it twice is fine.
  """
  purgeImage(id: ID!): Image!

  """
  Has one FAILED image processed again, as \`reprocessImages\` does many. Asking twice is fine, also after INTERNAL: an image that
  has not failed, or only in the last ten seconds, is answered as it is. INVALID_INPUT where its bytes are not there (NEVER_ARRIVED, MISMATCH):
  upload them again. CONFLICT while it is in the trash.
  """
  retryImage(id: ID!): Image!

  """
  Has images processed again, in the background and one job at a time. Their renditions stay until the new ones are there.
  Without \`dryRun: false\` it only says how many there are, and what it would cost.
  """
  reprocessImages(filter: ReprocessFilter, dryRun: Boolean = true): Reprocess!

  """
  Ends a job. What it has asked for already is still processed.
  """
  cancelReprocess(id: ID!): Reprocess!

  """
  Makes a link by which anybody can look at an image's renditions without signing in, until it expires, is revoked, or the
  image is deleted. They see no metadata and no file name, and never the original. An image has at most 100 links.
  """
  shareImage(
    id: ID!
    "In seconds: a minute (60) to a year (31536000)."
    expiresIn: Int = 604800
    "The names of those to be shown; all, if left out."
    renditions: [String!]
  ): Share!

  """
  Ends a share link at once. Pictures that somebody has opened by it stay on their screen, and can be fetched by the links
  in the page for two hours at most. NOT_FOUND when there is none of that id, or no longer.
  """
  revokeShare(id: ID!): Share!

  """
  Removes everything of yours for good, in the background: images with their originals and renditions, the feed, share
  links, the account, and your sign-in. Nothing brings it back, and it cannot be stopped; nothing can be uploaded meanwhile.
  \`me.deletion\` tells how far it has come. Asking twice is fine.
  """
  deleteAccount(
    "Your own id, as \`me\` tells it: against accidents, and so that it is the account that you mean."
    confirm: ID!
  ): AccountDeletion!

  """
  Sets what a user may keep, and send at a time, for admins. What is left out stays as it is. NOT_FOUND for everybody else,
  and where there is no such user, or no longer.
  """
  setQuota(user: ID!, images: Int, bytes: Float, inFlight: Int): User!

  """
  Suspends a user, or ends that, for admins. Who is suspended cannot sign in, upload or share, and their share links answer
  nothing; their images stay. A session that they have lets them look until it ends. NOT_FOUND for everybody else, and where
  there is no such user, or no longer.
  """
  suspendUser(user: ID!, suspended: Boolean = true): User!
}

type Subscription {
  """
  Every change of your images, as it happens. Served by AppSync's realtime endpoint, not here. A socket can lose events:
  \`changes\` is how nothing is missed.
  """
  imageEvents: ImageEvent @aws_subscribe(mutations: ["publishImageEvent"]) @aws_cognito_user_pools
}

"""
Where an image is on its way: PENDING → PROCESSING → READY or FAILED. The last two may be processed again.
"""
enum ImageStatus {
  "Announced; its bytes have not been seen yet."
  PENDING
  "A worker has claimed it."
  PROCESSING
  "All its renditions are there."
  READY
  "It has none; \`failure\` says why."
  FAILED
}

"""
The step of processing that an image is at.
"""
enum Stage {
  "Its bytes are read, checked and rendered."
  DEVELOPING
}

"""
Why an image is FAILED.
"""
enum FailureCode {
  "Not a format that Darkroom reads."
  UNSUPPORTED_FORMAT
  "The right format, broken or cut short."
  CORRUPT
  "More pixels, or more memory to decode, than allowed."
  TOO_LARGE
  "The stored bytes are not those announced."
  MISMATCH
  "No bytes came before the signed upload expired."
  NEVER_ARRIVED
  "Not finished by its deadline."
  TIMED_OUT
}

enum ImageOrder {
  "By the time of upload."
  UPLOADED
  "By the time the picture was taken; by its upload where the camera did not say."
  TAKEN
}

"""
One uploaded picture.
"""
type Image {
  id: ID!
  "1 at creation, one more with every change."
  version: Int!
  status: ImageStatus!
  stage: Stage
  failure: FailureCode
  "A sentence for the person whose picture failed: what happened and what to do."
  failureMessage: String
  "As announced."
  filename: String!
  "As announced."
  contentType: String!
  bytes: Int!
  sha256: String!
  "jpeg, png, gif, webp, bmp, tiff, heic, avif or raw (a camera's own, shown by the preview in it): what the bytes are."
  format: String
  "Of the original in pixels, upright."
  width: Int
  height: Int
  "1, or how many frames an animation has: its renditions show the first."
  frames: Int
  "The name of the colour profile in the file, such as Display P3. Renditions are sRGB."
  profile: String
  "A ThumbHash in base64: draw it while the renditions load."
  placeholder: String
  "What the camera wrote down; null until READY."
  capture: Capture
  "What people wrote about the picture; null until READY."
  description: Description
  "What the picture looks like, in numbers; null until READY."
  looks: Looks
  "The largest first; empty until READY."
  renditions: [Rendition!]!
  "The bytes as they were uploaded; null until they have been seen."
  original: Original
  createdAt: AWSDateTime!
  updatedAt: AWSDateTime!
  "When it was put into the trash; null outside it."
  deletedAt: AWSDateTime
  "When the trash is emptied of it."
  purgeAt: AWSDateTime
}

"""
EXIF facts. What the camera did not say, or said wrongly, is null.
"""
type Capture {
  "When the picture was taken. Without \`offset\`, it is the camera's clock read as UTC."
  takenAt: AWSDateTime
  "Minutes east of UTC; null when the camera did not say. Add it (or 0) to \`takenAt\`: what the camera's clock showed."
  offset: Int
  make: String
  model: String
  lens: String
  "Seconds."
  exposure: Float
  "The f-number."
  aperture: Float
  iso: Int
  "Millimetres."
  focalLength: Float
  location: Location
  "Where the camera looked: degrees clockwise from north."
  direction: Float
}

"""
Of each thing XMP's word, else IPTC's, else EXIF's.
"""
type Description {
  title: String
  caption: String
  keywords: [String!]!
  "1 to 5 stars; -1 is rejected."
  rating: Int
  copyright: String
}

"""
Computed from the pixels. Scores are from 0 to 1.
"""
type Looks {
  "#rrggbb, up to five, the one that there is most of first."
  colours: [String!]!
  "A perceptual hash, 64 bits in hexadecimal: up to 10 bits apart are near-duplicates. \`similarImages\` compares it."
  hash: String!
  "How much of the contrast is in the finest detail."
  sharpness: Float!
  "How little is lost in the dark or burnt out."
  exposure: Float!
  "Both together. It orders pictures of one scene by how well they turned out; scenes cannot be compared by it."
  quality: Float!
}

"""
An image that looks like another one.
"""
type SimilarImage {
  image: Image!
  "In how many of 64 bits the hashes differ: up to 10 for near-duplicates, 16 at most."
  distance: Int!
}

"""
A point on Earth (WGS 84).
"""
type Location {
  "Degrees, north positive."
  latitude: Float!
  "Degrees, east positive."
  longitude: Float!
  "Metres above sea level."
  altitude: Float
}

"""
A smaller picture made from the original: upright, without metadata, never enlarged.
"""
type Rendition {
  "xlarge (2048 px long edge), large (1024), medium (512), small (256), square (200 × 200, cropped)."
  name: String!
  "Signed; fetch it before \`expiresAt\`."
  url: String!
  width: Int!
  height: Int!
  bytes: Int!
  "image/jpeg, or image/png where the picture has transparency; image/webp where the service is set up so."
  contentType: String!
  expiresAt: AWSDateTime!
}

"""
The uploaded file itself.
"""
type Original {
  "Signed; fetch it before \`expiresAt\`. The browser is told to save it, not to show it."
  url: String!
  expiresAt: AWSDateTime!
}

type ImageConnection {
  edges: [ImageEdge!]!
  pageInfo: PageInfo!
}

type ImageEdge {
  node: Image!
  cursor: String!
}

type PageInfo {
  hasNextPage: Boolean!
  endCursor: String
}

union CreateUploadResult = AlreadyHave | UploadTarget | UploadParts

union CreateUploadsResult = AlreadyHave | UploadTarget | UploadParts | UploadFailure

"""
You have these bytes already, as this image; if it was in the trash, it is out again.
"""
type AlreadyHave {
  image: Image!
}

"""
Send the bytes with this request, exactly: another length, type or content, and a second use, are refused by S3.
"""
type UploadTarget {
  image: Image!
  url: String!
  method: String!
  "All of them are signed: send each as it is."
  headers: [UploadHeader!]!
  "The upload must have begun by then; ask again for a fresh one."
  expiresAt: AWSDateTime!
}

type UploadHeader {
  name: String!
  value: String!
}

"""
Send the bytes in parts: have them signed by \`uploadParts\`, send each, then call \`completeUpload\`. All but the last have
\`partBytes\` bytes.
"""
type UploadParts {
  image: Image!
  partBytes: Int!
  "They are numbered from 1."
  parts: Int!
  "Ask again by then, if it takes longer."
  expiresAt: AWSDateTime!
}

"""
Why one of several uploads was refused. The others are not concerned.
"""
type UploadFailure {
  filename: String!
  "As in \`extensions.code\`."
  code: String!
  "The input at fault, if one is."
  field: String
  message: String!
}

"""
A picture to be announced; see \`createUpload\`.
"""
input UploadInput {
  filename: String!
  contentType: String!
  bytes: Int!
  sha256: String!
}

"""
A part to be signed.
"""
input PartInput {
  "From 1."
  number: Int!
  bytes: Int!
  "Of the part, 64 hexadecimal digits."
  sha256: String!
}

"""
Send a part with this request, exactly.
"""
type PartTarget {
  number: Int!
  url: String!
  method: String!
  headers: [UploadHeader!]!
  expiresAt: AWSDateTime!
}

"""
What has arrived of an upload in parts.
"""
type UploadProgress {
  "Those that have arrived, by number."
  parts: [UploadedPart!]!
  "Of all of them."
  bytes: Int!
  "All have arrived; \`completeUpload\` makes the picture of them, unless it has."
  complete: Boolean!
}

type UploadedPart {
  number: Int!
  bytes: Int!
}

"""
Which images are meant; what is left out does not restrict. The trash never is, nor what is at work anyway.
"""
input ReprocessFilter {
  "READY or FAILED."
  status: ImageStatus
  failure: FailureCode
  uploadedFrom: AWSDateTime
  "The moment itself excluded."
  uploadedUntil: AWSDateTime
}

enum ReprocessState {
  "Nothing was begun."
  ESTIMATE
  RUNNING
  DONE
  CANCELLED
}

"""
A job that has images processed again.
"""
type Reprocess {
  id: ID!
  state: ReprocessState!
  "How many there were when it was begun."
  images: Int!
  "How long their processing takes, by what their last one took."
  seconds: Float!
  "What that costs in US dollars, requests apart."
  cost: Float!
  "How many have been asked for so far; each becomes PROCESSING then."
  asked: Int!
  createdAt: AWSDateTime!
  updatedAt: AWSDateTime!
}

type Me {
  id: ID!
  usage: Usage!
  quota: Quota!
  "Those that you were in when you signed in, such as admin."
  groups: [String!]!
  "When you were suspended; null unless you are."
  suspendedAt: AWSDateTime
  "Null unless your account is being deleted."
  deletion: AccountDeletion
}

"""
A user's account, as admins see it.
"""
type User {
  id: ID!
  usage: Usage!
  quota: Quota!
  "Null unless the user is suspended."
  suspendedAt: AWSDateTime
  "Null unless the account is being deleted."
  deletion: AccountDeletion
}

"""
How far the deletion of an account has come.
"""
type AccountDeletion {
  startedAt: AWSDateTime!
  "How many images are still to be removed."
  images: Int!
  "When nothing was left but the note that there was an account; that goes a day later. Null until then."
  erasedAt: AWSDateTime
}

"""
A page of everything that is kept of a user.
"""
type AccountExport {
  account: Me!
  "In the order of their upload."
  images: [Image!]!
  pageInfo: PageInfo!
}

"""
A link that shows an image's renditions to anybody who has it.
"""
type Share {
  "Names the share to \`revokeShare\`. It opens nothing."
  id: ID!
  "The link. It is told once, by \`shareImage\`, and kept nowhere: null ever after."
  url: String
  imageId: ID!
  "Null when it is gone."
  image: Image
  "The names of those that are shown, as far as the image has them."
  renditions: [String!]!
  createdAt: AWSDateTime!
  expiresAt: AWSDateTime!
}

type ShareConnection {
  edges: [ShareEdge!]!
  pageInfo: PageInfo!
}

type ShareEdge {
  node: Share!
  cursor: String!
}

"""
What you keep, the trash included, and are sending.
"""
type Usage {
  images: Int!
  "Of originals."
  bytes: Float!
  "Uploads announced whose bytes have not been seen."
  inFlight: Int!
}

"""
What you may keep, and send at a time.
"""
type Quota {
  images: Int!
  "Of originals."
  bytes: Float!
  inFlight: Int!
}

"""
A stretch of your feed.
"""
type Changes {
  "Numbered after + 1, after + 2, …"
  events: [ImageEvent!]!
  "The number of the last event so far. Equal to the last one you have: you are up to date."
  head: Int!
  "The events asked for are no longer kept: note \`head\`, page through \`images\`, then go on after it."
  startOver: Boolean!
}

"""
One change of one image. It is thin: ask \`image\` for the rest.
"""
type ImageEvent @aws_cognito_user_pools @aws_iam {
  owner: ID!
  id: ID!
  "Your changes are numbered 1, 2, 3, … without a gap."
  seq: Int!
  "Of the image, after the change; ignore an event older than what you show."
  version: Int!
  status: ImageStatus!
  stage: Stage
  failure: FailureCode
  width: Int
  height: Int
  placeholder: String
  deletedAt: AWSDateTime
  at: AWSDateTime!
}
`;export{e as default};