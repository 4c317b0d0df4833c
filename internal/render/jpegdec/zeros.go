package jpegdec

import "math/bits"

// zeroAfter is the place in known, from 0 on, of the bit that is 0 and comes after run others that are: beyond all places if
// there is none. A progressive scan that refines asks so for every coefficient that it makes other than 0; one look into a
// table answers for nearly all of them.
func zeroAfter(known uint64, run uint) uint {
	if run < 8 {
		if place := nearZeros[run<<8|uint(known&255)]; place < 8 {
			return uint(place)
		}
	}
	return farZero(known, run)
}

// farZero is zeroAfter for any place. It is run, and as many more as there are bits of 1 up to there, which mostly is
// settled at the second look.
func farZero(known uint64, run uint) uint {
	for between := uint(0); run+between < 64; {
		count := uint(bits.OnesCount64(known & (2<<(run+between) - 1)))
		if count == between {
			return run + between
		}
		between = count
	}
	return 64
}

// nearZeros are the answers by run<<8 | the first 8 bits of known, where they are less than 8. It is never changed.
var nearZeros = newNearZeros()

func newNearZeros() (places [8 << 8]uint8) {
	for i := range places {
		places[i] = uint8(min(farZero(uint64(i&255), uint(i>>8)), 8))
	}
	return places
}
