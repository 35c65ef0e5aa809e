package pmtu

import "slices"

// plateaus are lengths that path MTUs have, in bytes: those of RFC 1191, 7.1, and
// what Ethernets leave inside of tunnels.
var plateaus = []int{
	68, 296, 508, 576, 1006, // SLIP and X.25 (RFC 1191, 7.1)
	1280, 1300, 1320, 1340, 1360, 1372, 1376, 1380, 1390, 1392, // IPsec and mobile networks
	1400, 1406, 1410, 1412, 1414, 1418, 1420, 1422, 1424, 1426, 1428, 1430, // WireGuard: 1420
	1434, 1436, 1438, 1440, 1442, 1444, 1446, 1448, 1450, // VXLAN: 1450
	1452, 1454, 1456, 1458, 1460, 1462, 1464, 1468, 1470, 1472, 1473, 1476, // GRE: 1476
	1480, 1484, 1488, 1492, 1496, 1498, // 6in4 and IPIP: 1480; PPPoE: 1492
	1500, 1504, 1508, 1522, 1600, 1998, 2002, 4352, 4464, 4470, 8166, // FDDI 4352, POS 4470
	8950, 8970, 8976, 8980, 8992, 9000, 9001, 9100, 9180, 9198, 9216, 16110, 17914, 32000, 65535,
}

// candidates returns lengths between one that passes and one that does not, both
// left out, to be tried next: at most n, in ascending order.
//
// Plateaus go first. The length above a plateau that passes is one of them, for
// if it does not pass, that is the end.
func candidates(passes, fails, n int) []int {
	from, _ := slices.BinarySearch(plateaus, passes+1)
	to, _ := slices.BinarySearch(plateaus, fails)
	between := plateaus[from:to]
	if len(between) == 0 {
		return evenly(passes, fails, n, slices.Contains(plateaus, passes))
	}
	var picked []int
	for i := 1; i <= min(n, len(between)); i++ {
		picked = append(picked, between[(len(between)+1)*i/(min(n, len(between))+1)-1])
	}
	return slices.Compact(picked)
}

// evenly divides the space between. above asks for the length above passes too.
func evenly(passes, fails, n int, above bool) (picked []int) {
	if above && passes+1 < fails {
		picked = append(picked, passes+1)
		n--
	}
	for i := 1; i <= n; i++ {
		picked = append(picked, passes+(fails-passes)*i/(n+1))
	}
	slices.Sort(picked)
	picked = slices.Compact(picked)
	return slices.DeleteFunc(picked, func(s int) bool { return s <= passes || s >= fails })
}
