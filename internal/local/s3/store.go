package s3

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
)

// objectsFolder holds a folder of objects for each bucket.
const objectsFolder = "objects"

// maxCopyBytes is S3's bound for the source of one copy. Zero would refuse
// every copy.
const maxCopyBytes = 5 << 30

// openStore opens the object store in dir, and what keeps its attributes. It
// makes dir/objects the working directory of the process, which is where both
// look for their files.
//
// Posix writes an object to an unnamed file and links it into place, but does
// not sync it to disk. An acknowledged object therefore survives the death of
// this process (the page cache holds it), not that of the machine.
func openStore(dir string) (backend.Backend, meta.MetadataStorer, error) {
	objects, sidecar := filepath.Join(dir, objectsFolder), filepath.Join(dir, "metadata")
	if err := os.MkdirAll(objects, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the object folder: %w", err)
	}
	opts := posix.PosixOpts{CopyObjectThreshold: maxCopyBytes}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	var metadata meta.MetadataStorer = meta.XattrMeta{}
	if needsSidecar(objects, sidecar) {
		if err := os.MkdirAll(sidecar, 0o700); err != nil {
			return nil, nil, fmt.Errorf("make the metadata folder: %w", err)
		}
		beside, err := meta.NewSideCar(sidecar)
		if err != nil {
			return nil, nil, fmt.Errorf("open the metadata folder: %w", err)
		}
		metadata, opts.SideCarDir = beside, sidecar
	}
	store, err := posix.New(objects, metadata, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("open objects in %s: %w", objects, err)
	}
	return store, metadata, nil
}

// needsSidecar tells whether metadata has to live in files of its own: it does
// where it once began to, and where the file system has no extended attributes,
// which only an attempt to write one tells for sure.
func needsSidecar(objects, sidecar string) bool {
	if _, err := os.Stat(sidecar); !errors.Is(err, fs.ErrNotExist) {
		return true
	}
	if err := (meta.XattrMeta{}).StoreAttribute(nil, objects, "", "probe", []byte("1")); err != nil {
		return true
	}
	return (meta.XattrMeta{}).DeleteAttribute(objects, "", "probe") != nil
}
