package colour

import "math"

// difference is CIE's ΔE 2000 of two colours of sRGB: 1 can just be seen by those who look for it, 2 at a glance by few.
func difference(p, q [3]uint8) float64 {
	l1, a1, b1 := lab(p)
	l2, a2, b2 := lab(q)
	meanC := (math.Hypot(a1, b1) + math.Hypot(a2, b2)) / 2
	g := 0.5 * (1 - math.Sqrt(math.Pow(meanC, 7)/(math.Pow(meanC, 7)+math.Pow(25, 7))))
	a1, a2 = a1*(1+g), a2*(1+g)
	c1, c2 := math.Hypot(a1, b1), math.Hypot(a2, b2)
	h1, h2 := hue(a1, b1), hue(a2, b2)
	dh := h2 - h1
	if dh > 180 {
		dh -= 360
	} else if dh < -180 {
		dh += 360
	}
	if c1*c2 == 0 {
		dh = 0
	}
	dL, dC, dH := l2-l1, c2-c1, 2*math.Sqrt(c1*c2)*sin(dh/2)
	l, c, h := (l1+l2)/2, (c1+c2)/2, (h1+h2)/2
	if math.Abs(h1-h2) > 180 {
		h += 180
	}
	t := 1 - 0.17*sin(h+60) + 0.24*sin(2*h+90) + 0.32*sin(3*h+96) - 0.20*sin(4*h+27)
	sL := 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	sC, sH := 1+0.045*c, 1+0.015*c*t
	turn := -2 * math.Sqrt(math.Pow(c, 7)/(math.Pow(c, 7)+math.Pow(25, 7))) * sin(60*math.Exp(-math.Pow((h-275)/25, 2)))
	return math.Sqrt(math.Pow(dL/sL, 2) + math.Pow(dC/sC, 2) + math.Pow(dH/sH, 2) + turn*dC/sC*dH/sH)
}

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }

func hue(a, b float64) float64 {
	h := math.Atan2(b, a) * 180 / math.Pi
	if h < 0 {
		h += 360
	}
	return h
}

func lab(c [3]uint8) (l, a, b float64) {
	var linear [3]float64
	for i, v := range c {
		if x := float64(v) / 255; x <= 0.04045 {
			linear[i] = x / 12.92
		} else {
			linear[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	var f [3]float64
	for i, white := range [3]float64{0.9642, 1, 0.8249} {
		t := (sRGB[i][0]*linear[0] + sRGB[i][1]*linear[1] + sRGB[i][2]*linear[2]) / white
		if t > 216./24389 {
			f[i] = math.Cbrt(t)
		} else {
			f[i] = (24389./27*t + 16) / 116
		}
	}
	return 116*f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])
}
