namespace Federation.Sensor.Live.Kernel;

/// <summary>Builds an eBPF program instruction by instruction; jumps go to labels that may be marked later.</summary>
/// <remarks>Only what the counting program uses. The encoding is that of the kernel's instruction set document (RFC 9669).</remarks>
internal sealed class BpfAssembler
{
    private const int LoadClass = 0x61;
    private const int StoreImmediateClass = 0x62;
    private const int StoreClass = 0x63;
    private const int AtomicAdd = 0xDB;
    private const int LoadImmediate64 = 0x18;
    private const int AddImmediate = 0x07;
    private const int AddRegister = 0x0F;
    private const int SubtractRegister = 0x1F;
    private const int AndImmediate = 0x57;
    private const int ShiftLeftImmediate = 0x67;
    private const int MoveImmediate = 0xB7;
    private const int MoveRegister = 0xBF;
    private const int ShiftRightImmediate = 0x77;
    private const int ToBigEndian = 0xDC;
    private const int JumpAlways = 0x05;
    private const int CallHelper = 0x85;
    private const int ExitProgram = 0x95;
    private const BpfRegister MapByDescriptor = (BpfRegister)1;

    private readonly List<BpfInstruction> instructions = [];
    private readonly Dictionary<string, int> marks = [];
    private readonly List<(int Position, string Label)> jumps = [];

    public void Set(BpfRegister to, int value) => Emit(BpfInstruction.Of(MoveImmediate, to, immediate: value));

    public void Copy(BpfRegister to, BpfRegister from) => Emit(BpfInstruction.Of(MoveRegister, to, from));

    public void Add(BpfRegister to, int value) => Emit(BpfInstruction.Of(AddImmediate, to, immediate: value));

    public void Add(BpfRegister to, BpfRegister from) => Emit(BpfInstruction.Of(AddRegister, to, from));

    public void Subtract(BpfRegister from, BpfRegister value) => Emit(BpfInstruction.Of(SubtractRegister, from, value));

    public void And(BpfRegister register, int bits) => Emit(BpfInstruction.Of(AndImmediate, register, immediate: bits));

    public void ShiftLeft(BpfRegister register, int bits) => Emit(BpfInstruction.Of(ShiftLeftImmediate, register, immediate: bits));

    public void ShiftRight(BpfRegister register, int bits) => Emit(BpfInstruction.Of(ShiftRightImmediate, register, immediate: bits));

    /// <summary>Turns the low 16 bits from network order to the host's, and clears the others.</summary>
    public void FromNetworkOrder16(BpfRegister register) => Emit(BpfInstruction.Of(ToBigEndian, register, immediate: 16));

    public void Load(BpfSize size, BpfRegister to, BpfRegister address, int offset) =>
        Emit(BpfInstruction.Of(LoadClass | (int)size, to, address, offset));

    public void Store(BpfSize size, BpfRegister address, int offset, BpfRegister from) =>
        Emit(BpfInstruction.Of(StoreClass | (int)size, address, from, offset));

    public void Store(BpfSize size, BpfRegister address, int offset, int value) =>
        Emit(BpfInstruction.Of(StoreImmediateClass | (int)size, address, offset: offset, immediate: value));

    /// <summary>Adds to 8 bytes of memory, whoever else does so at the same time.</summary>
    public void AddAtomically(BpfRegister address, int offset, BpfRegister from) =>
        Emit(BpfInstruction.Of(AtomicAdd, address, from, offset));

    /// <summary>Puts a map, given by its descriptor in this process, into a register. Two instructions long.</summary>
    public void LoadMap(BpfRegister to, int map)
    {
        Emit(BpfInstruction.Of(LoadImmediate64, to, MapByDescriptor, immediate: map));
        Emit(default);
    }

    public void Call(BpfHelper helper) => Emit(BpfInstruction.Of(CallHelper, immediate: (int)helper));

    public void Exit() => Emit(BpfInstruction.Of(ExitProgram));

    public void Jump(string label)
    {
        jumps.Add((instructions.Count, label));
        Emit(BpfInstruction.Of(JumpAlways));
    }

    public void JumpIf(BpfRegister register, BpfCondition condition, int value, string label)
    {
        jumps.Add((instructions.Count, label));
        Emit(BpfInstruction.Of(JumpAlways | (int)condition, register, immediate: value));
    }

    /// <summary>Names the place where the next instruction goes.</summary>
    public void Mark(string label) => marks.Add(label, instructions.Count);

    /// <summary>The program, its jumps resolved.</summary>
    /// <exception cref="KeyNotFoundException">A jump goes to a label that was never marked.</exception>
    public BpfInstruction[] Assemble()
    {
        var program = instructions.ToArray();
        foreach (var (position, label) in jumps)
        {
            // A jump counts from the instruction after it.
            program[position] = program[position] with { Offset = checked((short)(marks[label] - position - 1)) };
        }

        return program;
    }

    private void Emit(BpfInstruction instruction) => instructions.Add(instruction);
}
