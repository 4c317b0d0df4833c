package gallery

// What may be unknown is zero in a record. These methods say it the other way: nil when it is not known.

// KnownStage is the step of processing, if there is one.
func (i Image) KnownStage() *Stage { return known(i.Stage) }

// KnownFailure is why the image is FAILED, if it is.
func (i Image) KnownFailure() *FailureCode { return known(i.Failure) }

// FailureMessage is a sentence about why the image is FAILED, if it is.
func (i Image) FailureMessage() *string { return known(i.Failure.Message()) }

// KnownFormat is what the bytes turned out to be, once they have been read.
func (i Image) KnownFormat() *string { return known(i.Facts.Format) }

// KnownWidth is the original's, in pixels, upright.
func (i Image) KnownWidth() *int { return known(i.Facts.Width) }

// KnownHeight is the original's, in pixels, upright.
func (i Image) KnownHeight() *int { return known(i.Facts.Height) }

// KnownPlaceholder is a ThumbHash in base64.
func (i Image) KnownPlaceholder() *string { return known(i.Facts.Placeholder) }

// KnownCapture is what the camera wrote down, once the bytes have been read.
func (i Image) KnownCapture() *Capture {
	if !i.Facts.Seen() {
		return nil
	}
	return &i.Facts.Capture
}

// KnownFrames is 1, or how many an animation has.
func (i Image) KnownFrames() *int { return known(i.Facts.Frames) }

// KnownProfile is the name of the file's colour profile, if it has one.
func (i Image) KnownProfile() *string { return known(i.Facts.Profile) }

// KnownDescription is what people wrote about the picture, once the bytes have been read.
func (i Image) KnownDescription() *Description {
	if !i.Facts.Seen() {
		return nil
	}
	return &i.Facts.Description
}

// KnownLooks is what the picture looks like, once it has been looked at.
func (i Image) KnownLooks() *Looks {
	if i.Facts.Looks.Hash == "" {
		return nil
	}
	return &i.Facts.Looks
}

// AllColours are the picture's colours, never nil.
func (l Looks) AllColours() []string { return append([]string{}, l.Colours...) }

// KnownMake is the camera's maker.
func (c Capture) KnownMake() *string { return known(c.Make) }

// KnownModel is the camera's model.
func (c Capture) KnownModel() *string { return known(c.Model) }

// KnownLens is the lens.
func (c Capture) KnownLens() *string { return known(c.Lens) }

// KnownExposure is in seconds.
func (c Capture) KnownExposure() *float64 { return known(c.Exposure) }

// KnownAperture is the f-number.
func (c Capture) KnownAperture() *float64 { return known(c.Aperture) }

// KnownISO is the sensitivity.
func (c Capture) KnownISO() *int { return known(c.ISO) }

// KnownFocalLength is in millimetres.
func (c Capture) KnownFocalLength() *float64 { return known(c.FocalLength) }

// KnownTitle is the picture's title.
func (d Description) KnownTitle() *string { return known(d.Title) }

// KnownCaption is the text about the picture.
func (d Description) KnownCaption() *string { return known(d.Caption) }

// KnownCopyright is the notice of whose the picture is.
func (d Description) KnownCopyright() *string { return known(d.Copyright) }

// KnownRating is the number of stars.
func (d Description) KnownRating() *int { return known(d.Rating) }

// AllKeywords are the picture's keywords, never nil.
func (d Description) AllKeywords() []string { return append([]string{}, d.Keywords...) }

// KnownStage is the step of processing, if there is one.
func (e Event) KnownStage() *Stage { return known(e.Stage) }

// KnownFailure is why the image is FAILED, if it is.
func (e Event) KnownFailure() *FailureCode { return known(e.Failure) }

// KnownWidth is the original's, in pixels, upright.
func (e Event) KnownWidth() *int { return known(e.Width) }

// KnownHeight is the original's, in pixels, upright.
func (e Event) KnownHeight() *int { return known(e.Height) }

// KnownPlaceholder is a ThumbHash in base64.
func (e Event) KnownPlaceholder() *string { return known(e.Placeholder) }

func known[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
