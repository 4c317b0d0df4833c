package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/local"
)

// The demo user that every local cloud has. It is reachable from this machine only, unless the user asks otherwise.
const (
	demoUser     = "demo@darkroom.local"
	demoPassword = "Darkroom-demo-1"
)

// Where a cloud keeps its things, and the file that says where it is.
const (
	defaultDir    = ".darkroom"
	configFile    = "client.json"
	defaultConfig = defaultDir + "/" + configFile
)

// drain is how long a stop waits for what is under way.
const drain = 15 * time.Second

type runFlags struct {
	dir, host string
	port      int
	tls       bool
	verbose   bool
	signUp    string
	admin     string
}

func newRunCommand(at console) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the whole cloud in this process, on loopback",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), f, at) },
	}
	cmd.Flags().StringVar(&f.dir, "data", defaultDir, "folder that everything is kept in")
	cmd.Flags().StringVar(&f.host, "host", "127.0.0.1", "numeric address to serve; 0.0.0.0 lets others on your network in")
	cmd.Flags().IntVar(&f.port, "port", 4000, "port of the API; six more follow it. 0: any free ones")
	cmd.Flags().BoolVar(&f.tls, "tls", false, "serve AppSync over TLS too, by a certificate made in the data folder")
	cmd.Flags().StringVar(&f.signUp, "sign-up", "open", `who may join: open, or a list such as "@example.com, ann@example.org"`)
	cmd.Flags().StringVar(&f.admin, "admin", "", "e-mail address of a user to put in the group of administrators")
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "log every event")
	return cmd
}

// serve starts the cloud, says where it is, and closes it when ctx ends: what is under way is finished first.
func serve(ctx context.Context, f runFlags, at console) (err error) {
	o, err := f.options(at.err)
	if err != nil {
		return err
	}
	members, err := gallery.ParseMembership(f.signUp)
	if err != nil {
		return fmt.Errorf("--sign-up: %w", err)
	}
	if os.Getenv("GOGC") == "" {
		tidy()
	}
	repair := &repairing{show: newProgress(at)}
	o.Repairing = repair.tell
	cloud, err := local.Start(ctx, o)
	repair.end()
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		err = errors.Join(err, cloud.Close(ctx))
	}()
	if err := wire(ctx, cloud, members, o.Log); err != nil {
		return err
	}
	if err := seed(cloud, f.admin); err != nil {
		return err
	}
	config := clientConfig(cloud)
	if err := writeConfig(filepath.Join(o.Dir, configFile), config); err != nil {
		return err
	}
	if err := writeOperator(cloud, o.Dir); err != nil {
		return err
	}
	welcome(at.out, cloud, config, f.dir)
	(&rest{made: made, giveBack: letGo}).begin()
	<-ctx.Done()
	fmt.Fprintln(at.out, "\nStopping: finishing what is under way …")
	return nil
}

// seed makes the demo user, and an administrator of somebody who has signed up.
func seed(c *local.Cloud, admin string) error {
	if _, err := c.Users.Seed(demoUser, demoPassword); err != nil || admin == "" {
		return err
	}
	if err := c.Users.AddToGroup(admin, gallery.AdminGroup); err != nil {
		return fmt.Errorf("--admin %s: %w", admin, err)
	}
	return nil
}

func (f runFlags) options(errout io.Writer) (local.Options, error) {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return local.Options{}, fmt.Errorf("find the data folder: %w", err)
	}
	host, err := netip.ParseAddr(f.host)
	if err != nil {
		return local.Options{}, fmt.Errorf("--host %s: a numeric address is needed, such as 127.0.0.1", f.host)
	}
	if f.port < 0 || f.port > 65529 {
		return local.Options{}, fmt.Errorf("--port %d: 0 to 65529", f.port)
	}
	if host.IsUnspecified() {
		if host, err = ownAddress(); err != nil {
			return local.Options{}, err
		}
	}
	level := slog.LevelWarn
	if f.verbose {
		level = slog.LevelInfo
	}
	log := slog.New(slog.NewTextHandler(errout, &slog.HandlerOptions{Level: level}))
	o := cloudOptions(dir, host, f.port, log)
	o.TLS = f.tls
	return o, nil
}

// ownAddress is this machine's address in its network. Signed URLs carry their host, so one address is served, not all.
func ownAddress() (netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("find this machine's address: %w", err)
	}
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() && !p.Addr().IsLinkLocalUnicast() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("this machine has no address in a network: name one with --host")
}

func clientConfig(c *local.Cloud) client.Config {
	return client.Config{
		GraphQL:  c.Endpoints.API + "/graphql",
		Realtime: c.Endpoints.AppSync,
		Cognito: client.Cognito{
			Endpoint: c.Endpoints.Cognito, Region: local.Region, UserPoolID: poolID, ClientID: clientID,
		},
		User: demoUser, Password: demoPassword,
	}
}

// writeConfig leaves the file whole or as it was: clients wait for it to appear.
func writeConfig(path string, c client.Config) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the client's configuration: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write the client's configuration: %w", err)
	}
	return nil
}
