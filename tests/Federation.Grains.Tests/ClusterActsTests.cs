using System.Text.Json;
using Federation.Grains.Tests.Running;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class ClusterActsTests
{
    [Fact]
    public void A_run_is_the_same_after_its_acts_were_written_to_a_file_and_another_seed_is_another_run()
    {
        var file = Path.GetTempFileName();
        ClusterActs.Write(file, ClusterActs.Of(7));
        Text(ClusterActs.Read(file)).ShouldBe(Text(ClusterActs.Of(7)));
        Text(ClusterActs.Of(8)).ShouldNotBe(Text(ClusterActs.Of(7)));
        File.Delete(file);
    }

    private static string Text(ClusterAct[] acts) => JsonSerializer.Serialize(acts);
}
