/* TCP for one purpose: what comes in on port 7 goes back, over one connection at a time. Included by pages.c.

   Why of its own: whoever keeps a connection to a VM that moves wants to know for how long nothing came. The other end is a real TCP, which sends
   again what is lost on its way here; what is lost on the way back is sent again here, after 200 ms or when the other end asks three times. */

#define ECHO_PORT 7
#define FIN 1
#define SYN 2
#define RST 4
#define PSH 8
#define ACK 16
#define SEND_AGAIN_AFTER 20 /* ticks */
#define MOST 1000           /* bytes in a segment */

static struct {
    u8 head[38]; /* of what goes back: addresses and ports */
    u32 start, next, acked, progress, repeats;
    u8 is_open;
} echo;
static u8 echoed[65536];

static u32 get32(const u8 *f) { return (u32)f[0] << 24 | f[1] << 16 | f[2] << 8 | f[3]; }
static void put32(u8 *f, u32 v) { f[0] = v >> 24; f[1] = v >> 16; f[2] = v >> 8; f[3] = v; }

/* Bytes of the stream from an offset on; its first byte has the number 1. */
static void echo_send(u32 number_, u32 from, u32 length, u8 flags) {
    static u8 f[54 + MOST + 2];
    u32 sum, size = 20 + length;
    memcpy(f, echo.head, 38);
    put32(f + 38, number_);
    put32(f + 42, echo.next);
    f[46] = 0x50; f[47] = flags;
    f[48] = 0x10; f[49] = f[50] = f[51] = f[52] = f[53] = 0;
    for (u32 i = 0; i < length; i++) f[54 + i] = echoed[(from + i) & 0xFFFF];
    f[54 + length] = 0;
    /* The addresses are where the checksum wants them, the protocol and the length are put before them for it. */
    f[22] = 0; f[23] = 6; f[24] = size >> 8; f[25] = size;
    sum = checksum(f + 22, 12 + size); f[50] = sum >> 8; f[51] = sum;
    f[14] = 0x45; f[15] = 0; f[16] = (20 + size) >> 8; f[17] = 20 + size; f[18] = f[19] = f[20] = f[21] = 0;
    f[22] = 64; f[24] = f[25] = 0;
    sum = checksum(f + 14, 20); f[24] = sum >> 8; f[25] = sum;
    send(f, 34 + size);
}

static void echo_again(void) {
    u32 waits = echo.next - echo.start - echo.acked;
    if (waits) echo_send(1 + echo.acked, echo.acked, waits < MOST ? waits : MOST, ACK | PSH);
    echo.progress = ticks;
}

static void echo_tick(void) {
    if (echo.is_open && ticks - echo.progress >= SEND_AGAIN_AFTER) echo_again();
}

static void echo_take(const u8 *f, u32 length) {
    u32 number_ = get32(f + 38), ack = get32(f + 42) - 1, head = (f[46] >> 4) * 4, size = (f[16] << 8 | f[17]) - 20 - head, sent_;
    if (length < 34 + head + size || size > MOST) return;
    if (f[47] & SYN) {
        memcpy(echo.head, f + 6, 6); memcpy(echo.head + 6, mac, 6); echo.head[12] = 8; echo.head[13] = 0;
        memcpy(echo.head + 26, ip, 4); memcpy(echo.head + 30, f + 26, 4); memcpy(echo.head + 34, f + 36, 2); memcpy(echo.head + 36, f + 34, 2);
        echo.start = echo.next = number_ + 1;
        echo.acked = 0; echo.progress = ticks; echo.is_open = 1;
        echo_send(0, 0, 0, SYN | ACK);
        return;
    }
    if (!echo.is_open || !same(f + 26, echo.head + 30, 4) || !same(f + 34, echo.head + 36, 2)) return;
    if (f[47] & (RST | FIN)) { echo.is_open = 0; return; }
    sent_ = echo.next - echo.start;
    if (ack != echo.acked && ack - echo.acked <= sent_ - echo.acked) { echo.acked = ack; echo.progress = ticks; echo.repeats = 0; }
    else if (!size && ack == echo.acked && sent_ != ack && ++echo.repeats == 3) echo_again();
    if (!size) return;
    u32 known_ = echo.next - number_; /* what is here already of what came; more than came, where something before it is missing */
    if (known_ >= size) { echo_send(1 + sent_, 0, 0, ACK); return; }
    if (echo.acked == sent_) echo.progress = ticks;
    for (u32 i = known_; i < size; i++) echoed[(sent_ + i - known_) & 0xFFFF] = f[34 + head + i];
    echo.next += size - known_;
    echo_send(1 + sent_, sent_, size - known_, ACK | PSH);
}
