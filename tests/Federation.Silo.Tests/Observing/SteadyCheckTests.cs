using Federation.Silo.Observing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Observing;

public sealed class SteadyCheckTests
{
    private readonly FakeTimeProvider clock = new();
    private TaskCompletionSource looking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int looks;

    [Fact]
    public async Task However_many_ask_at_a_time_there_is_one_look()
    {
        var check = Check();
        looking.SetResult();

        for (var asked = 0; asked < 100; asked++)
        {
            (await check.Fault()).ShouldBeNull();
        }

        looks.ShouldBe(1);
        clock.Advance(SteadyCheck.Every);
        (await check.Fault()).ShouldBeNull();
        looks.ShouldBe(2);
    }

    [Fact]
    public async Task A_look_that_hangs_is_answered_from_the_one_before_for_a_while_and_is_a_timeout_afterwards()
    {
        var check = Check();
        looking.SetResult();
        (await check.Fault()).ShouldBeNull();

        looking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        clock.Advance(SteadyCheck.Every);
        (await Answer(check)).ShouldBeNull();

        clock.Advance(SteadyCheck.GoodFor);
        (await Answer(check)).ShouldBeOfType<TimeoutException>();
        looks.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_look_has_thrown_is_told_until_the_next_good_one()
    {
        var check = Check();
        looking.SetException(new IOException("full"));
        (await check.Fault()).ShouldBeOfType<IOException>();
        (await check.Fault()).ShouldBeOfType<IOException>();

        looking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        looking.SetResult();
        clock.Advance(SteadyCheck.Every);
        (await check.Fault()).ShouldBeNull();
    }

    private SteadyCheck Check() => new(
        _ =>
        {
            looks++;
            return looking.Task;
        },
        clock);

    // Whoever asks does not wait for the look: once his patience is over he has an answer.
    private async Task<Exception?> Answer(SteadyCheck check)
    {
        var answer = check.Fault();
        while (!answer.IsCompleted)
        {
            clock.Advance(SteadyCheck.Patience);
            await Task.Yield();
        }

        return await answer;
    }
}
