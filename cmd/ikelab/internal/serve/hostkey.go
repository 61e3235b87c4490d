package serve

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"

	"ikelab/cmd/ikelab/internal/files"
)

// hostKeyFile is a router's, in its folder.
const hostKeyFile = "ssh_host_ed25519_key"

// HostKeys hands out the host keys of routers from a folder, ROUTER/ssh_host_ed25519_key with mode 0600,
// and makes those that are missing. Without a folder they are made anew each time.
func HostKeys(folder string) func(router string) (ssh.Signer, error) {
	return func(router string) (ssh.Signer, error) {
		if folder == "" {
			_, key, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return nil, err
			}
			return ssh.NewSignerFromKey(key)
		}
		return hostKey(filepath.Join(folder, router))
	}
}

func hostKey(folder string) (ssh.Signer, error) {
	name := filepath.Join(folder, hostKeyFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = newHostKey(folder)
	}
	if err != nil {
		return nil, err
	}
	key, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return key, nil
}

func newHostKey(folder string) ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(block)
	return text, files.Folder(folder).Put(hostKeyFile, text)
}
