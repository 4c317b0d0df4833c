#include "textflag.h"

// The questions of edges.go with a byte for each of sixteen places.

DATA halves<>+0(SB)/8, $0x7f7f7f7f7f7f7f7f
DATA halves<>+8(SB)/8, $0x7f7f7f7f7f7f7f7f
GLOBL halves<>(SB), RODATA|NOPTR, $16

// DISTANCE is that of a and b, to d; t is lost.
#define DISTANCE(a, b, d, t) \
	VPSUBUSB b, a, d \
	VPSUBUSB a, b, t \
	VPOR     t, d, d

// EVEN leaves 255 in X0 where the samples in X0 to X7 are even on both sides of their edge: where distances within the sides
// are not above X8, and that at the edge, twice, with half of the next not above X9. X10 to X13 are lost.
#define EVEN \
	DISTANCE(X0, X1, X10, X11) \
	DISTANCE(X1, X2, X11, X12) \
	VPMAXUB  X11, X10, X10     \
	DISTANCE(X2, X3, X11, X12) \
	VPMAXUB  X11, X10, X10     \
	DISTANCE(X4, X5, X11, X12) \
	VPMAXUB  X11, X10, X10     \
	DISTANCE(X5, X6, X11, X12) \
	VPMAXUB  X11, X10, X10     \
	DISTANCE(X6, X7, X11, X12) \
	VPMAXUB  X11, X10, X10     \
	VPSUBUSB X8, X10, X10      \
	DISTANCE(X3, X4, X11, X12) \
	VPADDUSB X11, X11, X11     \
	DISTANCE(X2, X5, X12, X13) \
	VPSRLW   $1, X12, X12      \
	VPAND    halves<>(SB), X12, X12 \
	VPADDUSB X12, X11, X11     \
	VPSUBUSB X9, X11, X11      \
	VPOR     X11, X10, X10     \
	VPXOR    X0, X0, X0        \
	VPCMPEQB X0, X10, X0

// func evenRows(pix *byte, stride int, within, across uint8) uint32
TEXT ·evenRows(SB), NOSPLIT, $0-28
	MOVQ         pix+0(FP), SI
	MOVQ         stride+8(FP), DX
	VPBROADCASTB within+16(FP), X8
	VPBROADCASTB across+17(FP), X9
	LEAQ         (SI)(DX*4), DI
	LEAQ         (DX)(DX*2), CX
	VMOVDQU      (SI), X0
	VMOVDQU      (SI)(DX*1), X1
	VMOVDQU      (SI)(DX*2), X2
	VMOVDQU      (SI)(CX*1), X3
	VMOVDQU      (DI), X4
	VMOVDQU      (DI)(DX*1), X5
	VMOVDQU      (DI)(DX*2), X6
	VMOVDQU      (DI)(CX*1), X7
	EVEN
	VPMOVMSKB    X0, AX
	MOVL         AX, ret+24(FP)
	RET

// func evenColumns(pix *byte, stride int, within, across uint8) uint32
//
// Eight rows of eight samples are turned into eight columns, two in a register.
TEXT ·evenColumns(SB), NOSPLIT, $0-28
	MOVQ         pix+0(FP), SI
	MOVQ         stride+8(FP), DX
	VPBROADCASTB within+16(FP), X8
	VPBROADCASTB across+17(FP), X9
	LEAQ         (SI)(DX*4), DI
	LEAQ         (DX)(DX*2), CX
	VMOVQ        (SI), X0
	VMOVQ        (SI)(DX*1), X1
	VMOVQ        (SI)(DX*2), X2
	VMOVQ        (SI)(CX*1), X3
	VMOVQ        (DI), X4
	VMOVQ        (DI)(DX*1), X5
	VMOVQ        (DI)(DX*2), X6
	VMOVQ        (DI)(CX*1), X7
	VPUNPCKLBW   X1, X0, X0
	VPUNPCKLBW   X3, X2, X2
	VPUNPCKLBW   X5, X4, X4
	VPUNPCKLBW   X7, X6, X6
	VPUNPCKLWD   X2, X0, X10
	VPUNPCKHWD   X2, X0, X11
	VPUNPCKLWD   X6, X4, X12
	VPUNPCKHWD   X6, X4, X13
	VPUNPCKLDQ   X12, X10, X0
	VPUNPCKHDQ   X12, X10, X2
	VPUNPCKLDQ   X13, X11, X4
	VPUNPCKHDQ   X13, X11, X6
	VPSRLDQ      $8, X0, X1
	VPSRLDQ      $8, X2, X3
	VPSRLDQ      $8, X4, X5
	VPSRLDQ      $8, X6, X7
	EVEN
	VPMOVMSKB    X0, AX
	ANDL         $255, AX
	MOVL         AX, ret+24(FP)
	RET
