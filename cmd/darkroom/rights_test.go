package main

// outcome is what becomes of a request.
type outcome string

// The outcomes. Every refusal but these is a code of the API.
const (
	shown    outcome = "sees it"   // allowed, and the answer has what is the owner's
	own      outcome = "own only"  // allowed, and the answer has nothing of the owner's
	done     outcome = "may"       // allowed
	notFound outcome = "NOT_FOUND" // and the answer is, byte for byte, that of asking for what never was
	invalid  outcome = "INVALID_INPUT"
)

// values are arguments. A text that begins with $ stands for something of the owner's; $sha256 for its bytes.
type values map[string]any

// right is a way to ask a root field for what is the owner's, and what comes of it. Who is signed out, or has a bad token,
// gets 401 whatever they ask, which needs no row.
type right struct {
	field               string
	how                 string
	args                values
	other, admin, owner outcome
}

// rights has each root field of the schema, or the test fails. They are tried from top to bottom, by the owner last, so what
// changes something comes after what reads.
var rights = []right{
	{"Query.image", "by id", values{"id": "$image"}, notFound, notFound, shown},
	{"Query.image", "by id and owner", values{"id": "$image", "owner": "$owner"}, notFound, shown, shown},
	{"Query.images", "", nil, own, own, shown},
	{"Query.images", "of the owner", values{"owner": "$owner"}, notFound, shown, shown},
	{"Query.similarImages", "", values{"id": "$image"}, notFound, notFound, done},
	{"Query.me", "", nil, own, own, shown},
	{"Query.changes", "", values{"after": 0}, own, own, shown},
	{"Query.uploadProgress", "", values{"id": "$parts"}, notFound, notFound, done},
	{"Query.reprocess", "", values{"id": "$job"}, notFound, notFound, shown},
	{"Query.shares", "all", nil, own, own, shown},
	{"Query.shares", "of an image", values{"image": "$image"}, own, own, shown},
	{"Query.exportAccount", "", nil, own, own, shown},
	{"Query.user", "", values{"id": "$owner"}, notFound, shown, notFound},

	{"Mutation.createUpload", "of the same bytes", values{
		"filename": "b.jpg", "contentType": "image/jpeg", "bytes": 9, "sha256": "$sha256",
	}, own, own, shown},
	{"Mutation.createUploads", "of the same bytes", values{"uploads": []values{
		{"filename": "b.jpg", "contentType": "image/jpeg", "bytes": 9, "sha256": "$sha256"},
	}}, own, own, shown},
	{"Mutation.uploadParts", "", values{"id": "$parts", "parts": []values{
		{"number": 1, "bytes": 16 << 20, "sha256": "$sha256"},
	}}, notFound, notFound, shown},
	{"Mutation.completeUpload", "before the parts are there", values{"id": "$parts"}, notFound, notFound, invalid},
	{"Mutation.reprocessImages", "", values{"dryRun": true}, own, own, done},
	{"Mutation.cancelReprocess", "", values{"id": "$job"}, notFound, notFound, shown},
	{"Mutation.shareImage", "", values{"id": "$image"}, notFound, notFound, shown},
	{"Mutation.revokeShare", "", values{"id": "$share"}, notFound, notFound, shown},
	{"Mutation.retryImage", "", values{"id": "$image"}, notFound, notFound, shown},
	{"Mutation.deleteImage", "", values{"id": "$image"}, notFound, notFound, shown},
	{"Query.trash", "", nil, own, own, shown},
	{"Mutation.restoreImage", "", values{"id": "$image"}, notFound, notFound, shown},
	{"Mutation.purgeImage", "", values{"id": "$image"}, notFound, notFound, shown},
	{"Mutation.setQuota", "", values{"user": "$owner", "images": 50}, notFound, shown, notFound},
	{"Mutation.suspendUser", "", values{"user": "$owner", "suspended": false}, notFound, shown, notFound},
	{"Mutation.deleteAccount", "the owner's", values{"confirm": "$owner"}, invalid, invalid, done},
}

// subscriptions are what each viewer hears when something of the owner's changes. Signed out, and by a bad token, nobody
// gets a connection.
var subscriptions = []right{
	{"Subscription.imageEvents", "", nil, own, own, shown},
}

// addressed is a URL and the status that anybody gets there, whoever they are: a link is all that it takes, or is not enough.
type addressed struct {
	what   string
	method string
	url    string // $api, $cognito, and links of the owner's
	status int
}

var addresses = []addressed{
	{"a share link", "GET", "$api/s/$token", 200},
	{"a share link", "HEAD", "$api/s/$token", 200},
	{"a share link", "POST", "$api/s/$token", 404},
	{"a share link that was revoked", "GET", "$api/s/$revoked", 404},
	{"a share link that never was", "GET", "$api/s/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404},
	{"a rendition's link", "GET", "$rendition", 200},
	{"a rendition's address, not signed", "GET", "$rendition-unsigned", 403},
	{"a rendition's signature, at another image", "GET", "$rendition-moved", 403},
	{"an original's link", "GET", "$original", 200},
	{"an original's address, not signed", "GET", "$original-unsigned", 403},
	{"an original's signature, at another image", "GET", "$original-moved", 403},
	{"a rendition's link, to write", "PUT", "$rendition", 403},
	{"an original's link, to remove it", "DELETE", "$original", 403},
	{"an upload's address, not signed", "PUT", "$upload-unsigned", 403},
	{"an upload's signature, at another image", "PUT", "$upload-moved", 403},
	{"the page", "GET", "$api/", 200},
	{"the playground", "GET", "$api/playground", 200},
	{"the page's configuration", "GET", "$api/config.json", 200},
	{"the inbox of the local user pool, on this machine", "GET", "$cognito/inbox", 200},
	{"the keys of the user pool", "GET", "$cognito/" + poolID + "/.well-known/jwks.json", 200},
}
