// Package lab emulates networks with the kernel's own forwarding: hosts and
// routers are network namespaces of this machine, joined by veth pairs
// ([Chain]), or one namespace whose packets a responder in this process
// answers ([Simulated]). It needs root, and nothing but the kernel.
//
// # Nothing stays
//
// Every namespace is anonymous: it has no name in the file system and lives by
// the file descriptors of this process and by the commands that run inside.
// Commands die with the process that runs them, descendants included; the
// files that give them the nodes' names are in a tmpfs of their own mount
// namespace. So the kernel removes everything when the process ends, SIGKILL
// included, and there is nothing that a next start would have to clean up.
//
// # Commands
//
// [Lab.Run] starts the current executable once more, as the stage that
// prepares the command's surroundings. A program that calls Run therefore
// calls [Enter] before anything else, and so does TestMain of its tests:
//
//	func main() {
//		lab.Enter(os.Args)
//		...
//	}
package lab
