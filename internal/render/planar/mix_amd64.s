#include "textflag.h"

// The sums of lanes.go with sixteen 16-bit lanes of AVX2. Lanes of a register do not borrow from each other, so weights are
// plain 16-bit numbers here: the low ends of those in windows.

// A number in every lane.
#define LANES(name, value) \
	DATA name<>+0(SB)/8, $value  \
	DATA name<>+8(SB)/8, $value  \
	DATA name<>+16(SB)/8, $value \
	DATA name<>+24(SB)/8, $value \
	GLOBL name<>(SB), RODATA|NOPTR, $32

LANES(start, 0x4040404040404040) // 128*unit + unit/2 = 0x4040, as in lanes.go
LANES(lift, 0x0080008000800080)  // the 128 of it

// The even lanes of eight samples, then the odd ones, in their order: in each half of a register.
DATA zip<>+0(SB)/8, $0x0703060205010400
DATA zip<>+8(SB)/8, $0x0f0b0e0a0d090c08
GLOBL zip<>(SB), RODATA|NOPTR, $16

// END takes sums to samples of eight bits, limited to 0..255: the two halves of y to the low eight bytes of its own halves,
// and those to the sixteen of x.
#define END(y, x) \
	VPSRLW    $7, y, y           \
	VPSUBW    lift<>(SB), y, y   \
	VPACKUSWB y, y, y            \
	VPERMQ    $0x08, y, y

// func mixRows(row *uint64, samples int, source *byte, stride int, weights *uint64, taps int)
//
// Sixteen samples at a time, their sum runs down the taps rows. The last sixteen may overlap those before.
TEXT ·mixRows(SB), NOSPLIT, $0-48
	MOVQ row+0(FP), DI
	MOVQ samples+8(FP), CX
	MOVQ source+16(FP), SI
	MOVQ stride+24(FP), R8
	MOVQ weights+32(FP), R9
	MOVQ taps+40(FP), R10
	XORQ AX, AX       // the first of the sixteen
	SUBQ $16, CX      // the last that it can be

next:
	VMOVDQU start<>(SB), Y0
	LEAQ    (SI)(AX*1), BX
	MOVQ    R9, R11
	MOVQ    R10, R12

tap:
	VPMOVZXBW    (BX), Y1
	VPBROADCASTW (R11), Y2
	VPMULLW      Y2, Y1, Y1
	VPADDW       Y1, Y0, Y0
	ADDQ         R8, BX
	ADDQ         $8, R11
	DECQ         R12
	JNZ          tap

	END(Y0, X0)
	VMOVDQU X0, (DI)(AX*1)
	CMPQ    AX, CX
	JGE     done
	ADDQ    $16, AX
	CMPQ    AX, CX
	CMOVQGT CX, AX
	JMP     next

done:
	VZEROUPPER
	RET

// func mixColumns(mixed *uint64, columns *column, first *int, weights *uint64, n, taps int)
//
// A column is a register; n sums of taps columns each.
TEXT ·mixColumns(SB), NOSPLIT, $0-48
	MOVQ    mixed+0(FP), DI
	MOVQ    columns+8(FP), SI
	MOVQ    first+16(FP), DX
	MOVQ    weights+24(FP), R9
	MOVQ    n+32(FP), CX
	MOVQ    taps+40(FP), R10
	VMOVDQU zip<>(SB), X3

next:
	VMOVDQU start<>(SB), Y0
	MOVQ    (DX), BX
	SHLQ    $5, BX
	ADDQ    SI, BX
	MOVQ    R10, R12

tap:
	VPBROADCASTW (R9), Y2
	VPMULLW      (BX), Y2, Y1
	VPADDW       Y1, Y0, Y0
	ADDQ         $32, BX
	ADDQ         $8, R9
	DECQ         R12
	JNZ          tap

	END(Y0, X0)
	VPSHUFB X3, X0, X0
	VMOVDQU X0, (DI)
	ADDQ    $16, DI
	ADDQ    $8, DX
	DECQ    CX
	JNZ     next
	VZEROUPPER
	RET
