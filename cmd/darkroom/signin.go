package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/darkroom/darkroom/internal/client"
)

// access is how a client command reaches a deployment: its flags.
type access struct {
	config string
	user   string
}

func (a *access) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.config, "config", defaultConfig, "file that says where Darkroom is")
	cmd.Flags().StringVar(&a.user, "user", "", "user name or e-mail address (default: the one in the file)")
}

// signIn reads the configuration, finds the password, and signs in. connection is told how the feed's socket fares.
func (a *access) signIn(ctx context.Context, at console, connection func(error)) (*client.Client, error) {
	config, err := a.identity(ctx, at)
	if err != nil {
		return nil, err
	}
	return client.SignIn(ctx, client.Options{Config: config, Now: at.now, Connection: connection})
}

// signInPatiently does so until it works. Nobody is asked for a password twice.
func signInPatiently(ctx context.Context, p *patience, config client.Config) (c *client.Client, err error) {
	err = p.try(ctx, func() (err error) {
		c, err = client.SignIn(ctx, client.Options{Config: config, Now: p.now, Trouble: p.trouble})
		return err
	})
	return c, err
}

// identity is the configuration with a user and a password in it.
func (a *access) identity(ctx context.Context, at console) (client.Config, error) {
	config, err := readConfig(a.config)
	if err != nil {
		return config, err
	}
	if a.user != "" && a.user != config.User {
		config.User, config.Password = a.user, "" // the password was another user's
	}
	if config.User == "" {
		return config, errors.New("nobody to sign in as: name a user with --user")
	}
	if config.Password == "" {
		config.Password = at.getenv("DARKROOM_PASSWORD")
	}
	if config.Password == "" {
		config.Password, err = askPassword(ctx, at, config.User)
	}
	return config, err
}

func readConfig(path string) (client.Config, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return client.Config{}, fmt.Errorf(
			"%s is not there. Start the local cloud with `make run` first, or name a deployment's file with --config", path)
	}
	if err != nil {
		return client.Config{}, err
	}
	defer f.Close()
	config, err := client.ReadConfig(f)
	if err != nil {
		return config, fmt.Errorf("read %s: %w", path, err)
	}
	return config, nil
}

// askPassword reads a password from the terminal without showing it, however quickly it is typed: the terminal stops showing
// what is typed before the question is there.
func askPassword(ctx context.Context, at console, user string) (password string, err error) {
	fd := int(at.in.Fd())
	if !term.IsTerminal(fd) {
		return "", errors.New("no password: set DARKROOM_PASSWORD, or run this on a terminal")
	}
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, term.Restore(fd, before))
		fmt.Fprintln(at.err)
	}()
	fmt.Fprintf(at.err, "Password of %s: ", printable(user))
	type reply struct {
		password []byte
		err      error
	}
	// A read from a terminal cannot be given up. After Ctrl-C the goroutine ends with the process.
	replies := make(chan reply, 1)
	go func() {
		b, err := term.ReadPassword(fd)
		replies <- reply{b, err}
	}()
	select {
	case r := <-replies:
		return string(r.password), r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
