package s3

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
)

// The attributes that are made again, by the names that posix gives them.
const (
	aclAttribute         = "acl"
	etagAttribute        = "etag"
	contentTypeAttribute = "content-type"
)

// sniffed is how much of a file its type is guessed from; net/http looks at no more.
const sniffed = 512

// repair makes attributes again where a copy of the folder left them behind, as
// cp -r does: the gateway opens no bucket without its owner, and replaces an
// object without an ETag although a write says If-None-Match. What it cannot
// know again it leaves out: cache headers, checksums, a type that neither the
// name nor the first bytes tell. Uploads in parts are nothing without their
// attributes; they are dropped, as S3 may drop them too.
//
// It runs while the outbox is locked and nobody is served. A bucket's own
// attributes come last, so that a repair that was cut short begins again with
// the next start.
func repair(ctx context.Context, o Options, store backend.Backend, attributes meta.MetadataStorer) error {
	for _, b := range o.Buckets {
		lost, err := lostItsAttributes(b.Name, attributes)
		if err != nil {
			return fmt.Errorf("look for the owner of bucket %s: %w", b.Name, err)
		}
		if !lost {
			continue
		}
		folder := filepath.Join(o.Dir, objectsFolder, b.Name)
		o.Log.Warn("this folder was copied without its extended attributes (cp -a would keep them): making them again, which reads every file once",
			"folder", folder)
		done, err := repairBucket(ctx, o, b.Name, store, attributes)
		if err != nil {
			return fmt.Errorf("%s was copied without its extended attributes, and they cannot be made again "+
				"(copy the data folder once more, by cp -a, or start with a new one): %w", folder, err)
		}
		o.Log.Warn("extended attributes made again, but for cache headers and checksums; uploads in parts begin anew",
			"folder", folder, "objects", done.Objects)
	}
	return nil
}

// lostItsAttributes tells a bucket that is there but belongs to nobody.
func lostItsAttributes(bucket string, attributes meta.MetadataStorer) (bool, error) {
	if _, err := os.Stat(bucket); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, err
	}
	_, err := attributes.RetrieveAttribute(nil, bucket, "", aclAttribute)
	if errors.Is(err, meta.ErrNoSuchKey) {
		return true, nil
	}
	return false, err
}

// Repair is how far the repair of a bucket has come.
type Repair struct {
	Bucket     string
	Objects    int // that are whole again, of all that needed it
	AllObjects int
	Bytes      int64 // of them
	AllBytes   int64
}

// repairBucket repairs a bucket with all that is in it.
func repairBucket(
	ctx context.Context, o Options, bucket string, store backend.Backend, attributes meta.MetadataStorer,
) (done Repair, err error) {
	done.Bucket = bucket
	if err := os.RemoveAll(filepath.Join(bucket, posix.MetaTmpMultipartDir)); err != nil {
		return done, err
	}
	err = eachWithout(ctx, bucket, attributes, func(_ string, bytes int64) error {
		done.AllObjects++
		done.AllBytes += bytes
		return nil
	})
	if err != nil {
		return done, err
	}
	o.Repairing(done)
	err = eachWithout(ctx, bucket, attributes, func(key string, bytes int64) error {
		if err := repairObject(bucket, key, attributes); err != nil {
			return err
		}
		done.Objects++
		done.Bytes += bytes
		o.Repairing(done)
		return nil
	})
	if err != nil {
		return done, err
	}
	if err := store.PutBucketOwnershipControls(ctx, bucket, types.ObjectOwnershipBucketOwnerEnforced); err != nil {
		return done, err
	}
	owner, err := json.Marshal(auth.ACL{Owner: o.AccessKey})
	if err != nil {
		return done, err
	}
	return done, store.PutBucketAcl(ctx, bucket, owner)
}

// eachWithout finds the objects of a bucket that have no ETag.
func eachWithout(ctx context.Context, bucket string, attributes meta.MetadataStorer, do func(key string, bytes int64) error) error {
	return filepath.WalkDir(bucket, func(path string, d fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if d.IsDir() && d.Name() == posix.MetaTmpDir {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		key, err := filepath.Rel(bucket, path)
		if err != nil {
			return err
		}
		if _, err := attributes.RetrieveAttribute(nil, bucket, key, etagAttribute); !errors.Is(err, meta.ErrNoSuchKey) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return do(key, info.Size())
	})
}

// repairObject gives an object the ETag that it had, if it came in one piece,
// and its type. The ETag comes last: an object that has one is whole.
func repairObject(bucket, key string, attributes meta.MetadataStorer) error {
	f, err := os.Open(filepath.Join(bucket, key))
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	head = head[:n]
	sum := md5.New()
	sum.Write(head)
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if err := attributes.StoreAttribute(nil, bucket, key, contentTypeAttribute, []byte(contentType(key, head))); err != nil {
		return err
	}
	etag := `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
	return attributes.StoreAttribute(nil, bucket, key, etagAttribute, []byte(etag))
}

// contentType is what the name of an object says, or else its first bytes.
func contentType(key string, head []byte) string {
	if named := mime.TypeByExtension(filepath.Ext(key)); named != "" {
		return named
	}
	return http.DetectContentType(head)
}
