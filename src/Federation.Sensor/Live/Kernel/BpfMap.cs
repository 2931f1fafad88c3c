using System.Runtime.InteropServices;
using Federation.Sensor.Live.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Kernel;

/// <summary>A map: a table in the kernel that programs and this process share.</summary>
internal sealed unsafe class BpfMap : IDisposable
{
    private const int PerCpuHash = 5;
    private const int ArrayOfMaps = 12;

    private BpfMap(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>A map that an image before this one has made.</summary>
    public static BpfMap Adopt(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>A hash table with a value for each processor, all of its memory taken at once.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static BpfMap OfCounters(int keySize, int valueSize, int capacity) => Create(new MapAttributes
    {
        Type = PerCpuHash, KeySize = (uint)keySize, ValueSize = (uint)valueSize, Capacity = (uint)capacity,
    });

    /// <summary>A place for one map of the same shape as <paramref name="first"/>, which it holds to begin with.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static BpfMap HolderOf(BpfMap first)
    {
        var holder = Create(new MapAttributes
        {
            Type = ArrayOfMaps, KeySize = sizeof(uint), ValueSize = sizeof(uint), Capacity = 1, Inner = Descriptor(first),
        });
        holder.Hold(first);
        return holder;
    }

    /// <summary>The map's number, unlike any other's in this kernel.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public uint Id
    {
        get
        {
            var information = default(MapInformation);
            var attributes = new InformationAttributes
            {
                Map = Descriptor(this), Length = (uint)sizeof(MapInformation), Information = (ulong)&information,
            };
            Check(BpfCall.Invoke(BpfCall.Command.ObjectInformation, ref attributes), "asking for a map's number");
            return information.Id;
        }
    }

    /// <summary>The number of the map that this holder holds.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public uint HeldId
    {
        get
        {
            uint key = 0, id = 0;
            var attributes = new ElementAttributes { Map = Descriptor(this), Key = (ulong)&key, Value = (ulong)&id };
            Check(BpfCall.Invoke(BpfCall.Command.LookupElement, ref attributes), "asking which map is held");
            return id;
        }
    }

    /// <summary>Puts another map into this holder; when it returns, no program uses the one before any more.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Hold(BpfMap map) => Set(0U, Descriptor(map));

    /// <summary>Sets one entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; in a table for each processor, room for one of each.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Set<TKey, TValue>(TKey key, ReadOnlySpan<TValue> value)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        fixed (TValue* pointer = value)
        {
            var attributes = new ElementAttributes { Map = Descriptor(this), Key = (ulong)&key, Value = (ulong)pointer };
            Check(BpfCall.Invoke(BpfCall.Command.UpdateElement, ref attributes), "setting a map's entry");
        }
    }

    /// <summary>Reads some entries of the map.</summary>
    /// <param name="position">Where to go on: the one of the call before, 0 at first.</param>
    /// <param name="isFirst">Whether it is the first call.</param>
    /// <param name="keys">Room for the keys.</param>
    /// <param name="values">Room for their values.</param>
    /// <param name="takes">Whether they are taken out of it.</param>
    /// <param name="isLast">Whether there are no more.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The kernel refused.</exception>
    public int Read<TKey, TValue>(ref uint position, bool isFirst, Span<TKey> keys, Span<TValue> values, bool takes, out bool isLast)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        var next = position;
        var before = position;
        fixed (TKey* keyPointer = keys)
        fixed (TValue* valuePointer = values)
        {
            var attributes = new BatchAttributes
            {
                Before = isFirst ? 0 : (ulong)&before, Next = (ulong)&next, Keys = (ulong)keyPointer, Values = (ulong)valuePointer,
                Count = (uint)keys.Length, Map = Descriptor(this),
            };
            var result = BpfCall.Invoke(takes ? BpfCall.Command.LookupAndDeleteBatch : BpfCall.Command.LookupBatch, ref attributes);
            isLast = result < 0 && Marshal.GetLastPInvokeError() == NativeFault.NoEntry;
            if (!isLast)
            {
                Check(result, "reading a map");
            }

            position = next;
            return (int)attributes.Count;
        }
    }

    /// <summary>Gives the map back, once no program uses it.</summary>
    public void Dispose() => Handle.Dispose();

    private void Set(uint key, uint value) => Set(key, new ReadOnlySpan<uint>(in value));

    private static BpfMap Create(MapAttributes attributes) => new(new SafeFileHandle(
        Check(BpfCall.Invoke(BpfCall.Command.CreateMap, ref attributes), "creating a map", "CAP_BPF"), ownsHandle: true));

    private static int Check(int result, string what, string? needed = null) =>
        result >= 0 ? result : throw NativeFault.Last(what, needed);

    private static uint Descriptor(BpfMap map) => (uint)map.Handle.DangerousGetHandle();

    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private struct MapAttributes
    {
        [FieldOffset(0)]
        public uint Type;

        [FieldOffset(4)]
        public uint KeySize;

        [FieldOffset(8)]
        public uint ValueSize;

        [FieldOffset(12)]
        public uint Capacity;

        [FieldOffset(20)]
        public uint Inner;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct ElementAttributes
    {
        [FieldOffset(0)]
        public uint Map;

        [FieldOffset(8)]
        public ulong Key;

        [FieldOffset(16)]
        public ulong Value;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct InformationAttributes
    {
        [FieldOffset(0)]
        public uint Map;

        [FieldOffset(4)]
        public uint Length;

        [FieldOffset(8)]
        public ulong Information;
    }

    /// <summary>The beginning of what the kernel tells of a map.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 8)]
    private struct MapInformation
    {
        [FieldOffset(4)]
        public uint Id;
    }

    [StructLayout(LayoutKind.Explicit, Size = 56)]
    private struct BatchAttributes
    {
        [FieldOffset(0)]
        public ulong Before;

        [FieldOffset(8)]
        public ulong Next;

        [FieldOffset(16)]
        public ulong Keys;

        [FieldOffset(24)]
        public ulong Values;

        [FieldOffset(32)]
        public uint Count;

        [FieldOffset(36)]
        public uint Map;
    }
}
