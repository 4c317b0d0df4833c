package render

import (
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/darkroom/darkroom/gallery"
)

// Failure is the fault of a picture, not of the machine: an outcome to be stored, not an error to be tried again.
type Failure struct {
	Code gallery.FailureCode // Unsupported, Corrupt or TooLarge
	Err  error               // what was wrong, for the log
}

func (f *Failure) Error() string { return fmt.Sprintf("%s: %v", f.Code, f.Err) }

// Unwrap gives what was wrong.
func (f *Failure) Unwrap() error { return f.Err }

// errUnsupported marks what is well-formed for all we know, but not for us to read.
var errUnsupported = errors.New("unsupported")

// fault makes the Failure of an error met while reading a picture.
func fault(doing string, f format, err error) error {
	err = fmt.Errorf("%s %s: %w", doing, f, err)
	if unsupported(err) {
		return &Failure{Code: gallery.Unsupported, Err: err}
	}
	return &Failure{Code: gallery.Corrupt, Err: err}
}

// recovered, deferred, makes the fault of a picture of a panic: no picture may end the machine that others are developed on.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fault("develop", "a picture", fmt.Errorf("panic: %v", p))
	}
}

func unsupported(err error) bool {
	var (
		inJPEG jpeg.UnsupportedError
		inPNG  png.UnsupportedError
		inTIFF tiff.UnsupportedError
	)
	return errors.Is(err, errUnsupported) || errors.Is(err, bmp.ErrUnsupported) || unsupportedJPEG(err) ||
		errors.As(err, &inJPEG) || errors.As(err, &inPNG) || errors.As(err, &inTIFF)
}
