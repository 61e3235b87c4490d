// Package words is how IOS writes values, on screens and in debugs alike:
// algorithms, groups, notifies, identities, SPIs, masks and ages. Its names are
// not the RFC's, so they live here and not with the codec. A number without a
// name is "Unknown - N", as on the router.
package words
