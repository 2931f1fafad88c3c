/* A guest without an operating system, for tests of moves: it boots in a fraction of a second in 16 MB, writes and checks every page of its
   memory over and over, tells on its serial port what it does, and answers ARP, ping and TCP's echo (port 7, echo.h) on its first network interface.

   Why: whether a move kept the guest's memory can be told only by a guest that knows what each page has to hold. Each page holds the number of
   its last writing; a page that comes back with an older one lost a write.

   Command line (all optional):
     hot=N    pages that are written at each tick (100 a second); default 64
     cold=N   how many of the other pages are written at each tick, in turn; default 16
     busy     write the hot pages without a rest between the ticks
     ip=A     the IPv4 address to answer for, on a virtio network interface
     ask=A    the IPv4 address to ping at each tick, once ARP has found it

   Serial port (COM1), a line each:
     UP PAGES             it runs, and looks after that many pages
     HB TICKS WRITES BAD  four times a second: ticks of its clock, rounds over the hot pages, stale pages found
     STALE PAGE WANT GOT  a page that lost a write
     PG ASKED ANSWERED    with ask=, beside each HB: pings that were sent, and answers that came
     ECHO C               the character C came in

   A multiboot ELF for 32-bit x86: start it with -kernel. Build it with build.sh. */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

#define PAGE 4096
#define FIRST_PAGE 512 /* 2 MB: below are the firmware's areas and this program */
#define WORDS 8        /* looked at in a page, spread over it */
#define TICKS_A_SECOND 100

__asm__(
    ".section .multiboot,\"a\"\n"
    ".align 4\n"
    ".long 0x1BADB002, 3, -(0x1BADB002 + 3)\n"
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "  cli\n"
    "  mov $stack_end, %esp\n"
    "  push %ebx\n"
    "  call main\n"
    "1: hlt\n"
    "  jmp 1b\n"
    ".globl on_tick\n"
    "on_tick:\n"
    "  push %eax\n"
    "  incl ticks\n"
    "  mov $0x20, %al\n"
    "  out %al, $0x20\n"
    "  pop %eax\n"
    "  iret\n"
    ".globl on_other\n"
    "on_other:\n"
    "  push %eax\n"
    "  mov $0x20, %al\n"
    "  out %al, $0xA0\n"
    "  out %al, $0x20\n"
    "  pop %eax\n"
    "  iret\n"
    ".bss\n"
    ".align 16\n"
    ".skip 16384\n"
    "stack_end:\n"
    ".text\n");

extern void on_tick(void), on_other(void);
volatile u32 ticks;

static inline void outb(u16 port, u8 v) { __asm__ volatile("outb %0, %1" ::"a"(v), "Nd"(port)); }
static inline void outw(u16 port, u16 v) { __asm__ volatile("outw %0, %1" ::"a"(v), "Nd"(port)); }
static inline void outl(u16 port, u32 v) { __asm__ volatile("outl %0, %1" ::"a"(v), "Nd"(port)); }
static inline u8 inb(u16 port) { u8 v; __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u16 inw(u16 port) { u16 v; __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u32 inl(u16 port) { u32 v; __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port)); return v; }

void *memset(void *to, int value, u32 n) { for (u8 *p = to; n--;) *p++ = value; return to; }
void *memcpy(void *to, const void *from, u32 n) { u8 *t = to; const u8 *f = from; while (n--) *t++ = *f++; return to; }

/* ---- serial port ---- */

static void put(char c) {
    while (!(inb(0x3FD) & 0x20)) { }
    outb(0x3F8, c);
}

static void text(const char *s) { while (*s) put(*s++); }

static void number(u32 n) {
    char digits[11];
    int i = 10;
    digits[10] = 0;
    do digits[--i] = '0' + n % 10; while (n /= 10);
    put(' ');
    text(digits + i);
}

/* ---- clock ---- */

static struct { u16 low, selector; u8 zero, kind; u16 high; } __attribute__((packed)) gates[256];

static void gate(int i, void (*handler)(void)) {
    u16 selector;
    __asm__("mov %%cs, %0" : "=r"(selector));
    gates[i].low = (u32)handler;
    gates[i].high = (u32)handler >> 16;
    gates[i].selector = selector;
    gates[i].kind = 0x8E;
}

static void start_clock(void) {
    struct { u16 limit; u32 base; } __attribute__((packed)) table = { sizeof gates - 1, (u32)gates };
    /* Multiboot promises no descriptor table: bring one, or the first interrupt loads a selector that is not there. */
    static const unsigned long long flat[3] = { 0, 0x00CF9A000000FFFFull, 0x00CF92000000FFFFull };
    struct { u16 limit; u32 base; } __attribute__((packed)) descriptors = { sizeof flat - 1, (u32)flat };
    __asm__ volatile("lgdt %0\n ljmp $8, $1f\n1: mov $16, %%ax\n mov %%ax, %%ds\n mov %%ax, %%es\n mov %%ax, %%ss" ::"m"(descriptors) : "eax");
    for (int i = 0; i < 256; i++) gate(i, on_other);
    gate(0x20, on_tick);
    __asm__ volatile("lidt %0" ::"m"(table));
    outb(0x20, 0x11); outb(0xA0, 0x11); outb(0x21, 0x20); outb(0xA1, 0x28);
    outb(0x21, 4); outb(0xA1, 2); outb(0x21, 1); outb(0xA1, 1);
    outb(0x21, 0xFE); outb(0xA1, 0xFF); /* only the timer */
    outb(0x43, 0x34);
    outb(0x40, (1193182 / TICKS_A_SECOND) & 0xFF); outb(0x40, (1193182 / TICKS_A_SECOND) >> 8);
    __asm__ volatile("sti");
}

/* ---- network: a virtio interface of the legacy kind, polled ---- */

#define RING 256
#define BUFFERS 16
struct descriptor { u32 address, high, length; u16 flags, next; };
struct ring {
    struct descriptor d[RING];
    u16 available_flags, available, available_ring[RING], unused;
    u8 pad[PAGE - (RING * 16 + 4 + RING * 2 + 2) % PAGE];
    u16 used_flags;
    volatile u16 used;
    struct { u32 id, length; } used_ring[RING];
} __attribute__((packed, aligned(4096)));

static struct ring receiving, sending;
static u8 received[16][2048], sent[BUFFERS][2048];
static u8 mac[6], ip[4], peer[4], peer_mac[6];
static u32 known, asked, answered;
static u16 nic, seen_received;

static u32 pci(u32 slot, u32 at) { outl(0xCF8, 0x80000000 | slot << 11 | at); return inl(0xCFC); }

static void give(u16 buffer) {
    receiving.d[buffer] = (struct descriptor){ (u32)received[buffer], 0, sizeof received[0], 2, 0 };
    receiving.available_ring[receiving.available % RING] = buffer;
    __asm__ volatile("" ::: "memory");
    receiving.available++;
}

static void start_network(void) {
    for (u32 slot = 0; slot < 32 && !nic; slot++) {
        if (pci(slot, 0) != 0x10001AF4) continue;
        outl(0xCF8, 0x80000000 | slot << 11 | 4);
        outl(0xCFC, pci(slot, 4) | 7); /* ports, memory, bus master */
        nic = pci(slot, 0x10) & ~3u;
    }
    if (!nic) return;
    outb(nic + 18, 0); outb(nic + 18, 1); outb(nic + 18, 3);
    outl(nic + 4, 1 << 5); /* its hardware address, nothing else */
    for (int i = 0; i < 6; i++) mac[i] = inb(nic + 20 + i);
    outw(nic + 14, 0);
    if (inw(nic + 12) != RING) { nic = 0; return; }
    outl(nic + 8, (u32)&receiving / PAGE);
    outw(nic + 14, 1);
    outl(nic + 8, (u32)&sending / PAGE);
    outb(nic + 18, 7);
    for (u16 i = 0; i < 16; i++) give(i);
    outw(nic + 16, 0);
}

static void send(const u8 *frame, u32 length) {
    u16 buffer = sending.available % BUFFERS;
    while ((u16)(sending.available - sending.used) >= BUFFERS) { } /* QEMU takes them at its leisure: one that is overwritten would be another's twice */
    memset(sent[buffer], 0, 10);
    memcpy(sent[buffer] + 10, frame, length);
    sending.d[buffer] = (struct descriptor){ (u32)sent[buffer], 0, length + 10, 0, 0 };
    sending.available_ring[sending.available % RING] = buffer;
    __asm__ volatile("" ::: "memory");
    sending.available++;
    outw(nic + 16, 1);
}

static int same(const u8 *a, const u8 *b, u32 n) { while (n--) if (*a++ != *b++) return 0; return 1; }

static u32 checksum(const u8 *from, u32 length) {
    u32 sum = 0;
    for (u32 i = 0; i < length; i += 2) sum += from[i] << 8 | from[i + 1];
    sum = (sum & 0xFFFF) + (sum >> 16);
    return ~(sum + (sum >> 16)) & 0xFFFF;
}

static void ask(void) {
    static u8 f[60];
    u32 sum;
    memset(f, known ? 0 : 0xFF, sizeof f);
    memcpy(f + 6, mac, 6);
    f[12] = 8;
    if (!known) { /* ARP: who has the other's address? */
        static const u8 question[10] = { 8, 6, 0, 1, 8, 0, 6, 4, 0, 1 };
        memcpy(f + 12, question, 10);
        memcpy(f + 22, mac, 6); memcpy(f + 28, ip, 4); memset(f + 32, 0, 6); memcpy(f + 38, peer, 4);
        send(f, sizeof f);
        return;
    }
    memcpy(f, peer_mac, 6);
    f[14] = 0x45; f[17] = sizeof f - 14; f[22] = 64; f[23] = 1;
    memcpy(f + 26, ip, 4); memcpy(f + 30, peer, 4);
    sum = checksum(f + 14, 20); f[24] = sum >> 8; f[25] = sum;
    f[34] = 8; f[40] = asked >> 8; f[41] = asked;
    sum = checksum(f + 34, sizeof f - 34); f[36] = sum >> 8; f[37] = sum;
    send(f, sizeof f);
    asked++;
}

#include "echo.h"

static void answer(u8 *f, u32 length) {
    u8 swap[4];
    if (length >= 42 && f[12] == 8 && f[13] == 6 && f[21] == 2 && same(f + 28, peer, 4)) { memcpy(peer_mac, f + 22, 6); known = 1; return; }
    if (length >= 42 && f[12] == 8 && f[13] == 0 && f[14] == 0x45 && f[23] == 1 && f[34] == 0 && same(f + 26, peer, 4)) { answered++; return; }
    if (length >= 42 && f[12] == 8 && f[13] == 6 && f[21] == 1 && same(f + 38, ip, 4)) { /* ARP: who has my address? */
        memcpy(f, f + 6, 6); memcpy(f + 6, mac, 6);
        f[21] = 2;
        memcpy(f + 32, f + 22, 10); memcpy(f + 22, mac, 6); memcpy(f + 28, ip, 4);
        send(f, 42);
    } else if (length >= 42 && f[12] == 8 && f[13] == 0 && f[14] == 0x45 && f[23] == 1 && f[34] == 8 && same(f + 30, ip, 4)) { /* ping */
        memcpy(f, f + 6, 6); memcpy(f + 6, mac, 6);
        memcpy(swap, f + 26, 4); memcpy(f + 26, f + 30, 4); memcpy(f + 30, swap, 4);
        f[34] = 0;
        u32 sum = (f[36] << 8 | f[37]) + 0x0800;
        sum = (sum & 0xFFFF) + (sum >> 16);
        f[36] = sum >> 8; f[37] = sum;
        send(f, length > 1500 ? 1500 : length);
    } else if (length >= 54 && f[12] == 8 && f[13] == 0 && f[14] == 0x45 && f[23] == 6 && f[36] == 0 && f[37] == ECHO_PORT && same(f + 30, ip, 4)) {
        echo_take(f, length);
    }
}

static void serve_network(void) {
    int any = 0;
    while (nic && seen_received != receiving.used) {
        u32 id = receiving.used_ring[seen_received % RING].id, length = receiving.used_ring[seen_received % RING].length;
        if (length > 10) answer(received[id] + 10, length - 10);
        give(id);
        seen_received++;
        any = 1;
    }
    if (any) outw(nic + 16, 0);
}

/* ---- memory ---- */

static u32 pages, hot = 64, cold = 16, busy, bad;

static void turn(u32 page, u32 want, u32 next) {
    volatile u32 *p = (volatile u32 *)((FIRST_PAGE + page) * PAGE);
    for (u32 w = 0; w < WORDS; w++) {
        u32 got = p[w * (PAGE / 4 / WORDS)];
        if (got != want && w == 0 && bad++ < 200) { text("STALE"); number(page); number(want); number(got); text("\n"); }
        p[w * (PAGE / 4 / WORDS)] = next;
    }
}

static u32 option(const char *line, const char *key, u32 otherwise) {
    for (; *line; line++) {
        const char *l = line, *k = key;
        while (*k && *l == *k) l++, k++;
        if (*k) continue;
        u32 n = 0;
        while (*l >= '0' && *l <= '9') n = n * 10 + *l++ - '0';
        return n;
    }
    return otherwise;
}

static void address(const char *line, const char *key, u8 *to) {
    for (; *line; line++) {
        const char *l = line, *k = key;
        while (*k && *l == *k) l++, k++;
        if (*k) continue;
        for (int i = 0; i < 4; i++) {
            while (*l >= '0' && *l <= '9') to[i] = to[i] * 10 + *l++ - '0';
            if (*l == '.') l++;
        }
        return;
    }
}

void main(u32 *multiboot) {
    const char *line = multiboot[0] & 4 ? (const char *)multiboot[4] : "";
    pages = (0x100000 + multiboot[2] * 1024) / PAGE - FIRST_PAGE;
    hot = option(line, "hot=", hot);
    cold = option(line, "cold=", cold);
    busy = option(line, " busy", 2) == 0;
    address(line, "ip=", ip);
    address(line, "ask=", peer);
    if (hot > pages / 2) hot = pages / 2;
    for (u32 p = 0; p < pages; p++)
        for (u32 w = 0; w < WORDS; w++) ((volatile u32 *)((FIRST_PAGE + p) * PAGE))[w * (PAGE / 4 / WORDS)] = 1;
    start_clock();
    if (ip[0]) start_network();
    text("UP"); number(pages); text("\n");
    u32 round = 1, lap = 1, at = hot, told = 0, walked = 0;
    for (;;) {
        round++;
        for (u32 p = 0; p < hot; p++) turn(p, round - 1, round);
        if (walked != ticks) {
            walked = ticks;
            if (nic && peer[0]) ask();
            echo_tick();
            for (u32 i = 0; i < cold; i++) {
                turn(at, lap, lap + 1);
                if (++at == pages) { at = hot; lap++; }
            }
        }
        serve_network();
        if (inb(0x3FD) & 1) { u8 c = inb(0x3F8); text("ECHO "); put(c); put('\n'); }
        if (ticks - told >= TICKS_A_SECOND / 4) { told = ticks; text("HB"); number(ticks); number(round); number(bad); text("\n");
            if (peer[0]) { text("PG"); number(asked); number(answered); text("\n"); } }
        if (!busy) __asm__ volatile("hlt");
    }
}
