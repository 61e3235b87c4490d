package bench

import (
	"fmt"
	"math"
	"strings"
)

const (
	plotWidth, plotHeight = 640, 360
	plotMargin            = 60
)

// Plot draws how time and memory a tunnel grow with the number of tunnels, as
// a part of what they are in the smallest star.
func Plot(points []Point) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(b, `<rect width="%d" height="%d" fill="white"/>`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(b, `<text x="%d" y="24" font-size="14">Cost of a tunnel in a star, beside that in the smallest</text>`+"\n", plotMargin)
	most := 2.0
	for _, p := range points {
		most = max(most, p.microseconds()/points[0].microseconds(), p.perTunnel()/points[0].perTunnel())
	}
	most = math.Ceil(most)
	for i := range 5 {
		v := most * float64(i) / 4
		y := plotY(v, most)
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%.2g</text>`+"\n",
			plotMargin, y, plotWidth-plotMargin, y, plotMargin-8, y+4, v)
	}
	for _, p := range points {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%d tunnels</text>`+"\n", plotX(p, points), plotHeight-plotMargin+20, p.Tunnels)
	}
	plotLine(b, points, most, "#0072b2", "time", -10, Point.microseconds, "us")
	plotLine(b, points, most, "#d55e00", "memory", 20, Point.perTunnel, "KiB")
	b.WriteString("</svg>\n")
	return b.String()
}

func plotX(p Point, points []Point) float64 {
	low, high := math.Log(float64(points[0].Tunnels)), math.Log(float64(points[len(points)-1].Tunnels))
	return plotMargin + (math.Log(float64(p.Tunnels))-low)/(high-low)*(plotWidth-2*plotMargin)
}

func plotY(v, most float64) float64 {
	return plotHeight - plotMargin - v/most*(plotHeight-2*plotMargin)
}

func plotLine(b *strings.Builder, points []Point, most float64, color, name string, above int, value func(Point) float64, unit string) {
	var line []string
	for _, p := range points {
		x, y := plotX(p, points), plotY(value(p)/value(points[0]), most)
		line = append(line, fmt.Sprintf("%.1f,%.1f", x, y))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/><text x="%.1f" y="%.1f" text-anchor="middle" fill="%s">%s %.3g %s</text>`+"\n",
			x, y, color, x, y+float64(above), color, name, value(p), unit)
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(line, " "), color)
}
