// Package debian gets packages of several Debian releases, kernels above all,
// by way of apt-get(8), and unpacks them into a cache without installing them.
// apt's own checks of signatures and checksums hold, but its configuration,
// lists and state are those of the cache: the system's stay untouched.
//
// It needs apt-get, apt-cache and dpkg-deb, but not root.
package debian
