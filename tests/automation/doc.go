// Package automation has the clients of real networks come to `ikelab serve`, as
// they are: Ansible's cisco.ios, Netmiko, OpenSSH and expect. The playbook and
// the scripts are those that the README shows; the tests start a lab at free
// ports of the loopback interface and let them run there.
package automation
