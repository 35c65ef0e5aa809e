package cli

import "strings"

// similar returns the word that somebody may have meant: the only one that begins
// like that, or the one that takes the fewest changed letters, up to half of them;
// empty if there is none.
func similar(written string, words []string) (meant string) {
	if only := beginning(written, words); only != "" {
		return only
	}
	fewest := (len(written)+1)/2 + 1
	for _, word := range words {
		if d := distance(written, word); d < fewest {
			meant, fewest = word, d
		}
	}
	return meant
}

func beginning(with string, words []string) (only string) {
	for _, word := range words {
		if len(with) > 1 && strings.HasPrefix(word, with) {
			if only != "" {
				return ""
			}
			only = word
		}
	}
	return only
}

// distance is how many letters have to be added, left out or replaced to get from
// one word to the other (V. I. Levenshtein, 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1) // from no letter of a to each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
