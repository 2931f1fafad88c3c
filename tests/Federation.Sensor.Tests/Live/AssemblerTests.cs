using Federation.Sensor.Live.Kernel;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>Instructions against the encodings of RFC 9669.</summary>
public sealed class AssemblerTests
{
    [Fact]
    public void Instructions_are_encoded_as_the_standard_says()
    {
        var code = new BpfAssembler();
        code.Set(BpfRegister.R0, -1);
        code.Copy(BpfRegister.R6, BpfRegister.R1);
        code.Add(BpfRegister.R2, 14);
        code.Add(BpfRegister.R2, BpfRegister.R9);
        code.Subtract(BpfRegister.R9, BpfRegister.R7);
        code.And(BpfRegister.R1, 0xF);
        code.ShiftLeft(BpfRegister.R1, 2);
        code.ShiftRight(BpfRegister.R1, 4);
        code.FromNetworkOrder16(BpfRegister.R8);
        code.Load(BpfSize.Two, BpfRegister.R8, BpfRegister.R10, -44);
        code.Store(BpfSize.Four, BpfRegister.R10, -8, BpfRegister.R1);
        code.Store(BpfSize.Eight, BpfRegister.R10, -16, 1);
        code.AddAtomically(BpfRegister.R0, 8, BpfRegister.R9);
        code.Call(BpfHelper.LoadBytes);
        code.Exit();

        code.Assemble().ShouldBe(
        [
            new(0xB7, 0x00, 0, -1),
            new(0xBF, 0x16, 0, 0),
            new(0x07, 0x02, 0, 14),
            new(0x0F, 0x92, 0, 0),
            new(0x1F, 0x79, 0, 0),
            new(0x57, 0x01, 0, 0xF),
            new(0x67, 0x01, 0, 2),
            new(0x77, 0x01, 0, 4),
            new(0xDC, 0x08, 0, 16),
            new(0x69, 0xA8, -44, 0),
            new(0x63, 0x1A, -8, 0),
            new(0x7A, 0x0A, -16, 1),
            new(0xDB, 0x90, 8, 0),
            new(0x85, 0x00, 0, 26),
            new(0x95, 0x00, 0, 0),
        ]);
    }

    [Fact]
    public void Jumps_count_from_the_instruction_after_them_whichever_way_they_go()
    {
        var code = new BpfAssembler();
        code.Mark("start");
        code.JumpIf(BpfRegister.R1, BpfCondition.Equal, 5, "end");
        code.JumpIf(BpfRegister.R1, BpfCondition.NotEqual, 6, "start");
        code.JumpIf(BpfRegister.R1, BpfCondition.AtLeast, 7, "end");
        code.Jump("end");
        code.Mark("end");
        code.Exit();

        code.Assemble().Select(instruction => (instruction.Code, instruction.Offset, instruction.Immediate)).ShouldBe(
            [(0x15, 3, 5), (0x55, -2, 6), (0x35, 1, 7), (0x05, 0, 0), (0x95, 0, 0)]);
    }

    [Fact]
    public void A_jump_to_nowhere_is_a_bug()
    {
        var code = new BpfAssembler();
        code.Jump("nowhere");
        Should.Throw<KeyNotFoundException>(code.Assemble);
    }
}
