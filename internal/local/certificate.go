package local

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// Where a cloud's own certificate is kept, and for how long it is good. Clients are told to trust it, so it is made once.
const (
	CertificateFile = "tls.crt"
	keyFile         = "tls.key"
	certificateLife = 397 * 24 * time.Hour // as long as phones believe in one
)

// certificate reads the certificate of a data folder, and makes one where there is none, or none that is good for this
// host today.
func certificate(dir string, host netip.Addr, now time.Time) (tls.Certificate, error) {
	file, key := filepath.Join(dir, CertificateFile), filepath.Join(dir, keyFile)
	c, err := tls.LoadX509KeyPair(file, key)
	switch {
	case err == nil && c.Leaf.VerifyHostname(host.String()) == nil && now.Before(c.Leaf.NotAfter):
		return c, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return c, fmt.Errorf("read %s (delete it to have a new one made): %w", file, err)
	}
	if err := makeCertificate(file, key, host, now); err != nil {
		return c, fmt.Errorf("make a certificate: %w", err)
	}
	return tls.LoadX509KeyPair(file, key)
}

// makeCertificate writes a certificate that is its own authority, for this host and for localhost.
func makeCertificate(file, keyFile string, host netip.Addr, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Darkroom on this machine"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{host.AsSlice(), loopback.AsSlice()},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	// The key first: a certificate without its key is an error at the next start.
	if err := writePEM(keyFile, "PRIVATE KEY", secret, 0o600); err != nil {
		return err
	}
	return writePEM(file, "CERTIFICATE", der, 0o644)
}

// writePEM leaves the file whole or as it was.
func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path+".new", text, mode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
