#include "textflag.h"

// The forward transform of dct.go with all eight columns, then all eight rows, of a block in one register each: eight
// 32-bit lanes of AVX2. It is the same scheme in the same order, so a change there is a change here, line by line; the
// results are the same numbers.

// A constant in every lane, by its name in dct.go.
#define LANES(name, value) \
	DATA name<>+0(SB)/4, $value  \
	DATA name<>+4(SB)/4, $value  \
	DATA name<>+8(SB)/4, $value  \
	DATA name<>+12(SB)/4, $value \
	DATA name<>+16(SB)/4, $value \
	DATA name<>+20(SB)/4, $value \
	DATA name<>+24(SB)/4, $value \
	DATA name<>+28(SB)/4, $value \
	GLOBL name<>(SB), RODATA|NOPTR, $32

LANES(cos4, 5793)
LANES(cos6, 3135)
LANES(diff26, 4433)
LANES(sum26, 10703)
LANES(half, 512) // of 1<<(fraction-kept), to round

// The mean of a block that is grey in the middle, 64·128<<kept, in the lane of row 0.
DATA middle<>+0(SB)/8, $65536
DATA middle<>+8(SB)/8, $0
DATA middle<>+16(SB)/8, $0
DATA middle<>+24(SB)/8, $0
GLOBL middle<>(SB), RODATA|NOPTR, $32

// frequencies of dct.go: x0 to x7 in Y0 to Y7. It leaves y0 to y7 in Y0, Y10, Y2, Y13, Y1, Y12, Y3 and Y11.
#define FREQUENCIES \
	VPADDD  Y7, Y0, Y8       \ // t0
	VPSUBD  Y7, Y0, Y7       \ // t7
	VPADDD  Y6, Y1, Y9       \ // t1
	VPSUBD  Y6, Y1, Y6       \ // t6
	VPADDD  Y5, Y2, Y10      \ // t2
	VPSUBD  Y5, Y2, Y5       \ // t5
	VPADDD  Y4, Y3, Y11      \ // t3
	VPSUBD  Y4, Y3, Y4       \ // t4
	\
	VPADDD  Y11, Y8, Y12     \ // t10
	VPSUBD  Y11, Y8, Y8      \ // t13
	VPADDD  Y10, Y9, Y13     \ // t11
	VPSUBD  Y10, Y9, Y9      \ // t12
	VPADDD  Y13, Y12, Y0     \ // y0
	VPSUBD  Y13, Y12, Y1     \ // y4
	VPADDD  Y8, Y9, Y9       \
	VPMULLD cos4<>(SB), Y9, Y9     \ // z1
	VPSLLD  $13, Y8, Y8      \
	VPADDD  Y9, Y8, Y2       \ // y2
	VPSUBD  Y9, Y8, Y3       \ // y6
	\
	VPADDD  Y5, Y4, Y4       \ // t10
	VPADDD  Y6, Y5, Y5       \ // t11
	VPADDD  Y7, Y6, Y6       \ // t12
	VPSUBD  Y6, Y4, Y8       \
	VPMULLD cos6<>(SB), Y8, Y8     \ // z5
	VPMULLD diff26<>(SB), Y4, Y4   \
	VPADDD  Y8, Y4, Y4       \ // z2
	VPMULLD sum26<>(SB), Y6, Y6    \
	VPADDD  Y8, Y6, Y6       \ // z4
	VPMULLD cos4<>(SB), Y5, Y5     \ // z3
	VPSLLD  $13, Y7, Y7      \
	VPADDD  Y5, Y7, Y8       \ // z11
	VPSUBD  Y5, Y7, Y9       \ // z13
	VPADDD  Y6, Y8, Y10      \ // y1
	VPSUBD  Y4, Y9, Y13      \ // y3
	VPADDD  Y4, Y9, Y12      \ // y5
	VPSUBD  Y6, Y8, Y11        // y7

// ROUND takes a result back to kept bits of fraction.
#define ROUND(y) \
	VPADDD half<>(SB), y, y \
	VPSRAD $10, y, y

// STORE stores frequency u of all rows, and puts a bit for each that is out of reach on top of the mask in AX.
#define STORE(u, y) \
	VMOVDQU   y, (u*32)(DI)         \
	VPABSD    y, y                  \
	VPCMPGTD  (u*32)(DX), y, y      \
	VMOVMSKPS y, BX                 \
	SHLQ      $(8*u), BX            \
	ORQ       BX, AX

// func forward(results *[64]int32, samples *[8]uint64, reach *[64]int32) (beyond uint64)
TEXT ·forward(SB), NOSPLIT, $0-32
	MOVQ results+0(FP), DI
	MOVQ samples+8(FP), SI
	MOVQ reach+16(FP), DX

	// A row of eight bytes becomes a register: its lanes are the columns.
	VPMOVZXBD 0(SI), Y0
	VPMOVZXBD 8(SI), Y1
	VPMOVZXBD 16(SI), Y2
	VPMOVZXBD 24(SI), Y3
	VPMOVZXBD 32(SI), Y4
	VPMOVZXBD 40(SI), Y5
	VPMOVZXBD 48(SI), Y6
	VPMOVZXBD 56(SI), Y7
	FREQUENCIES
	VPSLLD $3, Y0, Y0
	ROUND(Y10)
	ROUND(Y2)
	ROUND(Y13)
	VPSLLD $3, Y1, Y1
	ROUND(Y12)
	ROUND(Y3)
	ROUND(Y11)

	// Turn rows into columns: pairs, pairs of pairs, halves.
	VPUNPCKLDQ  Y10, Y0, Y4
	VPUNPCKHDQ  Y10, Y0, Y5
	VPUNPCKLDQ  Y13, Y2, Y6
	VPUNPCKHDQ  Y13, Y2, Y7
	VPUNPCKLDQ  Y12, Y1, Y8
	VPUNPCKHDQ  Y12, Y1, Y9
	VPUNPCKLDQ  Y11, Y3, Y14
	VPUNPCKHDQ  Y11, Y3, Y15
	VPUNPCKLQDQ Y6, Y4, Y0
	VPUNPCKHQDQ Y6, Y4, Y1
	VPUNPCKLQDQ Y7, Y5, Y2
	VPUNPCKHQDQ Y7, Y5, Y3
	VPUNPCKLQDQ Y14, Y8, Y10
	VPUNPCKHQDQ Y14, Y8, Y11
	VPUNPCKLQDQ Y15, Y9, Y12
	VPUNPCKHQDQ Y15, Y9, Y13
	VPERM2I128  $0x31, Y10, Y0, Y4
	VPERM2I128  $0x31, Y11, Y1, Y5
	VPERM2I128  $0x31, Y12, Y2, Y6
	VPERM2I128  $0x31, Y13, Y3, Y7
	VPERM2I128  $0x20, Y10, Y0, Y0
	VPERM2I128  $0x20, Y11, Y1, Y1
	VPERM2I128  $0x20, Y12, Y2, Y2
	VPERM2I128  $0x20, Y13, Y3, Y3
	FREQUENCIES
	VPSUBD middle<>(SB), Y0, Y0

	XORQ AX, AX
	STORE(0, Y0)
	STORE(1, Y10)
	STORE(2, Y2)
	STORE(3, Y13)
	STORE(4, Y1)
	STORE(5, Y12)
	STORE(6, Y3)
	STORE(7, Y11)
	MOVQ AX, beyond+24(FP)
	VZEROUPPER
	RET
