#include "textflag.h"

// The sums of builder.go with eight 32-bit lanes of AVX2, to the last bit. Weights and samples are 16-bit numbers, of which
// VPMADDWD multiplies two pairs and adds: red and green of a pixel, then blue and nothing.

// A number in every lane.
#define LANES(name, value) \
	DATA name<>+0(SB)/8, $value  \
	DATA name<>+8(SB)/8, $value  \
	DATA name<>+16(SB)/8, $value \
	DATA name<>+24(SB)/8, $value \
	GLOBL name<>(SB), RODATA|NOPTR, $32

LANES(lumaRG, 0x4b2326464b232646)
LANES(lumaB, 0x00000e9700000e97)
LANES(lumaHalf, 0x0000400000004000) // 1<<14
LANES(cbRG, 0xd598ea68d598ea68)
LANES(cbB, 0x0000400000004000)
LANES(crRG, 0xca684000ca684000)
LANES(crB, 0x0000f5980000f598)
LANES(middle, 0x0101000001010000)   // 128<<17 + 1<<16

// FOUR makes the luma of four pixels for each half of a register, in 32 bits. The halves are sixteen pixels apart, so that
// what is packed together later is in its order.
#define FOUR(y) \
	VMOVDQU     (SI), X0                  \
	VINSERTI128 $1, (SI)(R10*1), Y0, Y0   \
	ADDQ        R8, SI                    \
	VPSHUFB     Y14, Y0, Y1               \
	VPSHUFB     Y15, Y0, Y2               \
	VPMADDWD    lumaRG<>(SB), Y1, Y1      \
	VPMADDWD    lumaB<>(SB), Y2, Y2       \
	VPADDD      Y2, Y1, Y1                \
	VPADDD      lumaHalf<>(SB), Y1, Y1    \
	VPSRLD      $15, Y1, y

// func lumaBlocks(out, row *byte, blocks, step int, spread *[2][16]byte)
//
// Blocks of 32 pixels. step is the bytes of four.
TEXT ·lumaBlocks(SB), NOSPLIT, $0-40
	MOVQ           out+0(FP), DI
	MOVQ           row+8(FP), SI
	MOVQ           blocks+16(FP), CX
	MOVQ           step+24(FP), R8
	MOVQ           spread+32(FP), R9
	VBROADCASTI128 (R9), Y14
	VBROADCASTI128 16(R9), Y15
	LEAQ           (R8*4), R10

next:
	FOUR(Y4)
	FOUR(Y5)
	FOUR(Y6)
	FOUR(Y7)
	ADDQ      R10, SI
	VPACKUSDW Y5, Y4, Y4
	VPACKUSDW Y7, Y6, Y6
	VPACKUSWB Y6, Y4, Y4
	VMOVDQU   Y4, (DI)
	ADDQ      $32, DI
	DECQ      CX
	JNZ       next
	VZEROUPPER
	RET

// SUM adds the samples of four pixels for each half, above and below: red and green to rg, blue to b.
#define SUM(rg, b) \
	VMOVDQU     (SI), X0                \
	VINSERTI128 $1, (SI)(R10*1), Y0, Y0 \
	VMOVDQU     (DX), X1                \
	VINSERTI128 $1, (DX)(R10*1), Y1, Y1 \
	ADDQ        R8, SI                  \
	ADDQ        R8, DX                  \
	VPSHUFB     Y14, Y0, rg             \
	VPSHUFB     Y14, Y1, Y2             \
	VPADDW      Y2, rg, rg              \
	VPSHUFB     Y15, Y0, b              \
	VPSHUFB     Y15, Y1, Y2             \
	VPADDW      Y2, b, b

// WEIGH makes samples of the sums in Y7 and Y8.
#define WEIGH(rg, b, y) \
	VPMADDWD rg<>(SB), Y7, y     \
	VPMADDWD b<>(SB), Y8, Y3     \
	VPADDD   Y3, y, y            \
	VPADDD   middle<>(SB), y, y  \
	VPSRLD   $17, y, y

// EIGHT makes the chroma of eight pixels for each half: neighbours are added, the even ones to the odd ones.
#define EIGHT(cb, cr) \
	SUM(Y3, Y4)                \
	SUM(Y5, Y6)                \
	VSHUFPS $0x88, Y5, Y3, Y7  \
	VSHUFPS $0xdd, Y5, Y3, Y3  \
	VPADDW  Y3, Y7, Y7         \
	VSHUFPS $0x88, Y6, Y4, Y8  \
	VSHUFPS $0xdd, Y6, Y4, Y4  \
	VPADDW  Y4, Y8, Y8         \
	WEIGH(cbRG, cbB, cb)       \
	WEIGH(crRG, crB, cr)

// func chromaBlocks(cb, cr, above, below *byte, blocks, step int, spread *[2][16]byte)
//
// Blocks of 32 by 2 pixels, which are 16 samples. step is the bytes of four pixels.
TEXT ·chromaBlocks(SB), NOSPLIT, $0-56
	MOVQ           cb+0(FP), DI
	MOVQ           cr+8(FP), BX
	MOVQ           above+16(FP), SI
	MOVQ           below+24(FP), DX
	MOVQ           blocks+32(FP), CX
	MOVQ           step+40(FP), R8
	MOVQ           spread+48(FP), R9
	VBROADCASTI128 (R9), Y14
	VBROADCASTI128 16(R9), Y15
	LEAQ           (R8*4), R10

next:
	EIGHT(Y9, Y10)
	EIGHT(Y11, Y12)
	ADDQ         R10, SI
	ADDQ         R10, DX
	VPACKUSDW    Y11, Y9, Y9
	VPACKUSDW    Y12, Y10, Y10
	VPACKUSWB    Y10, Y9, Y9
	VPERMQ       $0xd8, Y9, Y9
	VMOVDQU      X9, (DI)
	VEXTRACTI128 $1, Y9, (BX)
	ADDQ         $16, DI
	ADDQ         $16, BX
	DECQ         CX
	JNZ          next
	VZEROUPPER
	RET
