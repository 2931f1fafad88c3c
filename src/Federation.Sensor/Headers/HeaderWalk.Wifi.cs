using static System.Buffers.Binary.BinaryPrimitives;

namespace Federation.Sensor.Headers;

/// <summary>802.11, bare or after a radiotap header.</summary>
internal ref partial struct HeaderWalk
{
    private const int WifiLength = 24;

    /// <summary>The header that a receiver puts before a frame (www.radiotap.org): its length, and flags if it has them.</summary>
    private LeftOutReason ReadRadiotap()
    {
        const int least = 8, lengthAt = 2;
        if (Left < least)
        {
            return CutShort;
        }

        int length = ReadUInt16LittleEndian(data[(at + lengthAt)..]);
        var hasPadding = length <= Left && HasPadding(data.Slice(at, length));
        return length < least ? Damaged : Skip(length) ? ReadWifi(hasPadding) : CutShort;
    }

    // Flags are the second field that may be there, after the time; the bits that say what is there may fill several words.
    private static bool HasPadding(ReadOnlySpan<byte> header)
    {
        const uint time = 1, flags = 2, more = 1U << 31;
        const byte padding = 0x20;
        if (header.Length < 8)
        {
            return false;
        }

        var present = ReadUInt32LittleEndian(header[4..]);
        var place = 8;
        for (var word = present; (word & more) != 0 && place + 4 <= header.Length; place += 4)
        {
            word = ReadUInt32LittleEndian(header[place..]);
        }

        place = (present & time) != 0 ? ((place + 7) & ~7) + 8 : place;
        return (present & flags) != 0 && place < header.Length && (header[place] & padding) != 0;
    }

    private LeftOutReason ReadWifi(bool hasPadding)
    {
        if (Left < 2)
        {
            return CutShort;
        }

        var (kind, flags) = (data[at], data[at + 1]);
        switch ((kind >> 2) & 3)
        {
            case 0:
                return new(LeftOutKind.WifiManagement);
            case 1:
                return new(LeftOutKind.WifiControl);
            case 3:
                return Damaged;
            default:
                return ReadWifiData(kind, flags, hasPadding);
        }
    }

    private LeftOutReason ReadWifiData(byte kind, byte flags, bool hasPadding)
    {
        const int qualityFlag = 0x80, emptyFlag = 0x40;
        const byte toNetwork = 1, fromNetwork = 2, encrypted = 0x40, ordered = 0x80;
        if ((kind & emptyFlag) != 0)
        {
            return new(LeftOutKind.WifiEmpty);
        }

        var hasQuality = (kind & qualityFlag) != 0;
        var isBridge = (flags & (toNetwork | fromNetwork)) == (toNetwork | fromNetwork);
        var quality = WifiLength + (isBridge ? 6 : 0);
        var length = quality + (hasQuality ? 2 : 0) + (hasQuality && (flags & ordered) != 0 ? 4 : 0);
        length = hasPadding ? (length + 3) & ~3 : length;
        if (Left < length)
        {
            return CutShort;
        }

        // The receiver is the third address on its way to the network, the first one otherwise.
        reading.IsToMany = (data[at + ((flags & toNetwork) != 0 ? 16 : 4)] & 1) != 0;
        var holdsSeveral = hasQuality && (data[at + quality] & 0x80) != 0;
        at += length;
        return (flags & encrypted) != 0 ? new(LeftOutKind.WifiEncrypted)
            : holdsSeveral && !Skip(EthernetLength) ? CutShort
            : ReadLlc();
    }
}
