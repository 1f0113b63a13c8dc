"""Makes one call for a test of a sandbox: exit 0 when it went through, 1 with the errno when it was denied."""
import ctypes
import errno
import fcntl
import mmap
import os
import select
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result in (-1, 0xFFFFFFFFFFFFFFFF, None):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def call(number, *args):
    return check(libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args]))


def family(name):
    number = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17, "AF_ALG": 38, "AF_VSOCK": 40}[name]
    check(libc.socket(number, 3 if name in ("AF_NETLINK", "AF_PACKET") else 5 if name == "AF_ALG" else 1, 0))


def bind(kind, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", int(port)))


def connect(port):
    server = socket.socket()
    server.bind(("127.0.0.1", int(port)))
    server.listen()
    client = socket.create_connection(("127.0.0.1", int(port)), timeout=2)
    client.close()


def reach(address):
    """A packet to an address and back: needs nothing that listens."""
    a, b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    a.bind((address, 0))
    a.settimeout(1)
    b.sendto(b"x", a.getsockname())
    a.recv(1)


def unshare(*names):
    flags = {"cgroup": 0x02000000, "ipc": 0x08000000, "mnt": 0x00020000, "net": 0x40000000, "pid": 0x20000000, "user": 0x10000000, "uts": 0x04000000}
    check(libc.unshare(sum(flags[n] for n in names)))


def memory_wx():
    check(libc.syscall(9, None, ctypes.c_long(4096), ctypes.c_long(7), ctypes.c_long(0x22), ctypes.c_long(-1), ctypes.c_long(0)))


def memory_turned():
    area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    check(libc.mprotect(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(area))), 4096, 5))


def memory_plain():
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)[:1] = b"x"


def personality(number):
    check(libc.personality(int(number, 0)))


def realtime():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def nice():
    os.nice(1)


def set_suid(path):
    open(path, "w").close()
    os.chmod(path, 0o4755)


def set_mode(path):
    open(path, "w").close()
    os.chmod(path, 0o755)


def clock():
    """Adjusts nothing (modes 0 with an offset of the present): asks for the right to set the clock."""
    now = (ctypes.c_long * 2)()
    check(libc.clock_gettime(1, ctypes.byref(now)))
    # CLOCK_MONOTONIC cannot be set: EINVAL shows that the call itself was let through.
    if libc.clock_settime(1, ctypes.byref(now)) == -1 and ctypes.get_errno() != errno.EINVAL:
        check(-1)


def kernel_log():
    check(libc.klogctl(10, None, 0))


def hostname():
    name = os.uname().nodename.encode()
    check(libc.sethostname(name, len(name)))


def module():
    # No file and no image: EFAULT, EINVAL or ENOEXEC show that the kernel looked at it, EPERM that it did not.
    if libc.syscall(175, None, ctypes.c_long(0), b"") == -1 and ctypes.get_errno() == errno.EPERM:
        check(-1)


def chroot(path):
    os.chroot(path)


def setuid(number):
    os.setgid(int(number))
    os.setuid(int(number))


def chown(path):
    if os.path.exists(path):
        os.unlink(path)
    open(path, "w").close()
    os.chown(path, 1, 1)


def mount(path):
    check(libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, None))


def mknod(path):
    os.mknod(path, 0o600 | 0o060000, os.makedev(7, 99))


def keyring(name):
    """Puts a key into the session's keyring."""
    call(248, b"user", name.encode(), b"dough", 5, -3)


def user_key(name):
    """Puts a key into the user's own keyring, which a shared session keyring links to."""
    call(248, b"user", name.encode(), b"dough", 5, -4)


def key_found(name):
    call(250, 10, -3, b"user", name.encode(), 0)


def notify(text):
    """Sent by this process, which is a child of the service's main one; back once the manager has dealt with it.

    The manager finds the unit by the sender's process, so that must still live when the message is read: sd_notify(3), BARRIER=1.
    """
    address = os.environ.get("NOTIFY_SOCKET", "/run/systemd/notify").replace("@", "\0", 1)
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.connect(address)
    manager.send(f"STATUS={text}".encode())
    waiting, barrier = os.pipe()
    socket.send_fds(manager, [b"BARRIER=1"], [barrier])
    os.close(barrier)
    if not select.select([waiting], [], [], 10)[0]:
        raise TimeoutError("the manager kept the barrier")


def shm_make(key):
    check(libc.shmget(int(key), 4096, 0o1666))


def shm_find(key):
    check(libc.shmget(int(key), 0, 0))


def signal(pid):
    os.kill(int(pid), 0)


def bpf():
    # BPF_MAP_CREATE of one array element.
    attributes = (ctypes.c_uint32 * 18)(2, 4, 4, 1)
    call(321, 0, ctypes.byref(attributes), 72)


def old_abi():
    """The 32 bit table's getpid, through int 0x80."""
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() != os.getpid():
        raise OSError(errno.ENOSYS, "no such table")


def no_new_privileges():
    """Fails when the flag is set: execve of set-user-ID programs gains nothing then."""
    if check(libc.prctl(39, 0, 0, 0, 0)) == 1:
        raise OSError(errno.EPERM, "no_new_privs is set")


def syscall(number):
    """The call reaches the kernel whatever it says of the arguments: only the filter's EPERM, ENOSYS or a signal deny it."""
    if libc.syscall(ctypes.c_long(int(number)), ctypes.c_long(-1), None, None, None) == -1 and ctypes.get_errno() == errno.EPERM:
        check(-1)


def lock(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]](*sys.argv[2:])
    except OSError as error:
        print(f"{sys.argv[1]}: {errno.errorcode.get(error.errno or 0, error.errno)} {error}", file=sys.stderr)
        sys.exit(1)
