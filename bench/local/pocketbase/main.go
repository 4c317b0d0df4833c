// Command pocketbase is the stock PocketBase server with a collection of images, to measure Darkroom beside.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	core.AppMigrations.Register(createImages, nil, "1_images.go")
	app := pocketbase.New()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // it opens a browser to ask for a superuser, whom nobody needs here
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// createImages makes what Darkroom's schema promises, with PocketBase's own means: everybody sees their own pictures only,
// newest first without a search, and each in Darkroom's five sizes.
func createImages(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	images := core.NewBaseCollection("images")
	images.Fields.Add(
		&core.RelationField{Name: "owner", CollectionId: users.Id, Required: true, MaxSelect: 1, CascadeDelete: true},
		&core.FileField{
			Name: "file", Required: true, MaxSelect: 1, MaxSize: 100 << 20,
			MimeTypes: []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			Thumbs:    []string{"2048x2048f", "1024x1024f", "512x512f", "256x256f", "200x200"},
		},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	images.AddIndex("idx_images_owner_created", false, "owner, created", "")
	own := types.Pointer("owner = @request.auth.id")
	images.ListRule, images.ViewRule = own, own
	images.CreateRule, images.UpdateRule, images.DeleteRule = own, own, own
	return app.Save(images)
}
