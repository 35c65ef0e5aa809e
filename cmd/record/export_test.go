package record

// SetMost has streams end after so many bytes, until the function that it returns is
// called.
func SetMost(bytes int64) func() {
	was := maxStream
	maxStream = bytes
	return func() { maxStream = was }
}
