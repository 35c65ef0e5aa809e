package origin

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Database is an offline file in MaxMind's format, with the fields of its own files of
// systems (GeoLite2-ASN) or places (GeoLite2-City), which others' have as well.
type Database struct{ reader *maxminddb.Reader }

// Open opens a database. The error names the file.
func Open(file string) (*Database, error) {
	r, err := maxminddb.Open(file)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", file, err)
	}
	return &Database{r}, nil
}

// Close closes the file.
func (d *Database) Close() error { return d.reader.Close() }

// record is what is read of an entry.
type record struct {
	AS      uint32 `maxminddb:"autonomous_system_number"`
	Name    string `maxminddb:"autonomous_system_organization"`
	Country struct {
		Code string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	City struct {
		Names map[string]string `maxminddb:"names"`
	} `maxminddb:"city"`
}

// Find looks the address up.
func (d *Database) Find(_ context.Context, addr netip.Addr, o *Origin) error {
	var r record
	found := d.reader.Lookup(addr)
	if err := found.Decode(&r); err != nil {
		return err
	}
	if r.AS != 0 {
		o.AS, o.Name, o.Prefix = []uint32{r.AS}, r.Name, found.Prefix()
	}
	if r.Country.Code != "" {
		o.Country = r.Country.Code
	}
	if city := r.City.Names["en"]; city != "" {
		o.City = city
	}
	return nil
}
