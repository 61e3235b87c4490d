package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ikelab/topologies/decode"
)

// mostCapture is how long a capture may be, in octets: it is read into memory.
const mostCapture = 4 << 30

func decodeCommand() *cobra.Command {
	keys, asJSON := "", false
	c := &cobra.Command{
		Use:   "decode FILE.pcap[ng]",
		Short: "Print the IKE and ESP packets of any capture, decrypted where keys are given",
		Long: `decode prints the IKE messages of a capture as "debug crypto ikev2 packet" does, and the
ESP packets, a line each. pcap and pcapng files of Ethernet, raw IP and Linux "any"
interfaces will do, IPv4 and IPv6, whoever sent the packets.

--keys names a folder with the tables that Wireshark keeps keys in, ikev2_decryption_table
and esp_sa, as --capture writes them: messages are decrypted and their fragments put
together, the ICV of ESP packets is verified and what is inside is named.

The exit status is 1 when the file cannot be read to its end or is no capture, or the
folder has no keys; 2 for wrong usage. A broken packet is told, and no error.`,
		Example: `  ikelab exec --capture DIR 'wait 10s' && ikelab decode DIR/capture.pcapng --keys DIR
  ikelab decode capture.pcap --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return failed(decodeFile(args[0], keys, asJSON, cmd.OutOrStdout()))
		},
	}
	c.Flags().StringVar(&keys, "keys", "", "decrypt with the keys in this `folder`")
	c.Flags().BoolVar(&asJSON, "json", false, "an object of JSON on a line for each packet")
	return c
}

func decodeFile(name, folder string, asJSON bool, out io.Writer) error {
	data, err := readWhole(name, mostCapture)
	if err != nil {
		return err
	}
	keys, err := readKeys(folder)
	if err != nil {
		return err
	}
	d, err := decode.New(data, keys)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w := bufio.NewWriter(out)
	for {
		found, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(w.Flush(), fmt.Errorf("%s: behind packet %d: %w", name, d.Packets, err))
		}
		if err := show(w, d, found, asJSON); err != nil {
			return err
		}
	}
	if !asJSON {
		fmt.Fprintln(w, d.Counts)
	}
	return w.Flush()
}

func show(w *bufio.Writer, d *decode.Decoder, found *decode.Found, asJSON bool) error {
	if !asJSON {
		_, err := w.WriteString(found.Text())
		return err
	}
	line, err := d.JSON(found)
	if err != nil {
		return err
	}
	_, err = w.Write(line)
	return err
}

// readKeys reads the tables of a folder, of which one may be missing.
func readKeys(folder string) (*decode.Keys, error) {
	if folder == "" {
		return nil, nil
	}
	var tables [2][]byte
	missing := 0
	for i, name := range []string{decode.IKETable, decode.ESPTable} {
		data, err := readWhole(filepath.Join(folder, name), mostCapture)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing++
		case err != nil:
			return nil, err
		}
		tables[i] = data
	}
	if missing == len(tables) {
		return nil, fmt.Errorf("%s has neither %s nor %s", folder, decode.IKETable, decode.ESPTable)
	}
	keys, problems := decode.ReadKeys(tables[0], tables[1])
	for _, p := range problems {
		fmt.Fprintf(os.Stderr, "warning: %s: %s\n", folder, plain(p))
	}
	return keys, nil
}
